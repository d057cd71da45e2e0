using System.Runtime.CompilerServices;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>One Realtime message being joined from its fragments. Pooled; its timer is its deadline.</summary>
internal sealed class RealtimeJoin(RealtimeJoins table) : TimerItem
{
    private Received _received;
    private int _missing;

    public RealtimeReceiver? Flow { get; private set; }

    /// <summary>The sequence number of the message's first fragment.</summary>
    public uint First { get; private set; }

    public int Count { get; private set; }

    public byte[]? Buffer { get; private set; }

    public int BufferBytes { get; private set; }

    public int Length { get; private set; }

    public MonoTime Deadline { get; private set; }

    public bool IsComplete => _missing == 0;

    internal RealtimeJoin? Newer { get; set; }

    internal RealtimeJoin? Older { get; set; }

    public void Begin(RealtimeReceiver flow, uint first, int count, byte[] buffer, int bufferBytes)
    {
        Flow = flow;
        First = first;
        Count = count;
        Buffer = buffer;
        BufferBytes = bufferBytes;
        Length = 0;
        Deadline = MonoTime.Never;
        _missing = count;
        _received = default;
    }

    /// <summary>Takes a fragment that the flow has not seen before. The message is worth no more than its soonest fragment.</summary>
    public void Add(int index, MonoTime deadline, ReadOnlySpan<byte> payload)
    {
        ref var word = ref _received[index / 64];
        var bit = 1UL << (index % 64);
        if ((word & bit) != 0)
            return;
        word |= bit;
        _missing--;
        Length += payload.Length;
        Deadline = MonoTime.Min(Deadline, deadline);
        payload.CopyTo(Buffer.AsSpan(index * WireLimits.MaxSegment));
    }

    public void Clear()
    {
        Flow = null;
        Buffer = null;
    }

    public override void HandleTimeout(MonoTime now) => table.Abandon(this, TransportDrop.Incomplete);

    [InlineArray((TransportLimits.MaxMessageSegments + 63) / 64)]
    private struct Received
    {
        private ulong _first;
    }
}
