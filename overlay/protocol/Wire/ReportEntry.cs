namespace WeCan.Protocol.Wire;

/// <summary>How the packets of one Realtime flow arrive over one route. docs/wire-format.md, section 7.7.</summary>
/// <param name="Flow">The flow's number at its origin.</param>
/// <param name="Token">The route that the packets named.</param>
/// <param name="Highest">Low 16 bits of the highest sequence that came.</param>
/// <param name="Received">How many came in time, modulo 2^16.</param>
/// <param name="Marks">The share that came marked, in <see cref="ReportPacket.AllMarked"/>s.</param>
/// <param name="Strained">Whether one of them came saying that a hop on its way is strained.</param>
/// <param name="Left">The mean time that was left on arrival, in <see cref="ReportPacket.LeftUnit"/>s.</param>
internal readonly record struct ReportEntry(uint Flow, int Token, ushort Highest, ushort Received, byte Marks, bool Strained, ushort Left);
