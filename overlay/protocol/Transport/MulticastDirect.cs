using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>Writes a segment as it goes to one destination alone.</summary>
internal static class MulticastDirect
{
    /// <param name="prior">Where the message before ended for the destination; of a segment that begins none it says nothing.</param>
    public static int Write(
        TransportShared shared, MulticastSender flow, ulong sequence, BootEpoch life, ulong prior, bool joinsAnew, Span<byte> buffer)
    {
        ref var segment = ref flow.Window[sequence];
        var writer = new WireWriter(buffer);
        new MulticastSegmentHeader
        {
            OriginEpoch = shared.Self,
            Flow = flow.Number,
            Sequence = sequence,
            IsDirect = true,
            DestinationEpoch = life,
            Part = segment.Part,
            JoinsAnew = joinsAnew,
        }.Write(ref writer);
        if (segment.Part.Begins)
            writer.WriteVarInt(MulticastSegmentHeader.ReachOf(sequence, prior, life == BootEpoch.None));
        if (segment.Length > 0)
            writer.WriteBytes(shared.Segments.Read(segment.Place, segment.Length));
        shared.Counters.MulticastDirects++;
        return writer.Length;
    }
}
