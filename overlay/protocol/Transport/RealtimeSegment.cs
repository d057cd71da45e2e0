using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>A Realtime packet that waits to be sent, since when its message was taken.</summary>
internal readonly record struct RealtimeSegment(int Place, ushort Length, ushort Index, ushort Count, MonoTime Since, MonoTime Deadline);
