using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Liars;

/// <summary>What a liar said in ten seconds, and what that made its victim do.</summary>
/// <param name="Said">Bytes that the liar sent, with the headers of UDP and IP, as all bytes here.</param>
/// <param name="ToLiar">Bytes that the victim sent back to it.</param>
/// <param name="ToOthers">Bytes that the victim sent to other nodes.</param>
/// <param name="Elsewhere">Bytes that those sent.</param>
/// <param name="PeakMemory">The most that the victim held in packets and messages.</param>
/// <param name="Heap">By how much the whole process has grown.</param>
/// <param name="Closed">With which reason the victim closed the link.</param>
internal sealed record LieCost(long Said, long ToLiar, long ToOthers, long Elsewhere, long PeakMemory, long Heap, CloseReason Closed);
