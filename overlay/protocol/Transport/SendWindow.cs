using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// A flow's segments from the first unconfirmed to the last accepted, in a ring that exists only while there are any.
/// Keeps the states and their counts; when to send what is the sender's business.
/// </summary>
internal struct SendWindow
{
    private const int SmallestRing = 4;

    private SendSegment[]? _ring;
    private ulong _lostFrom;

    /// <summary>
    /// How far the latest CONFIRM's ranges reach. It is no measure of what was received: when a gap is split, the few
    /// ranges reach less far than before, and what they no longer cover is not missing.
    /// </summary>
    private ulong _toldEnd;

    /// <summary>Every segment before this one is confirmed.</summary>
    public ulong Confirmed { get; private set; }

    /// <summary>The first segment that was never sent.</summary>
    public ulong Sent { get; private set; }

    /// <summary>The number of the next segment to be accepted.</summary>
    public ulong End { get; private set; }

    public int InFlight { get; private set; }

    public int Lost { get; private set; }

    public readonly int Count => (int)(End - Confirmed);

    /// <summary>Sent at least once, and not confirmed.</summary>
    public readonly int Unconfirmed => (int)(Sent - Confirmed);

    public readonly bool HasUnsent => Sent < End;

    public readonly bool HasUnconfirmed => Confirmed < Sent;

    public readonly ref SendSegment this[ulong sequence] => ref _ring![sequence & (ulong)(_ring.Length - 1)];

    /// <summary>Makes room for more segments; the caller has checked the flow's bound.</summary>
    public void Reserve(BlockPool<SendSegment> blocks, int more)
    {
        var wanted = Count + more;
        if (_ring is not null && wanted <= _ring.Length)
            return;
        var old = this;
        _ring = blocks.Rent((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(wanted, SmallestRing)));
        if (old._ring is null)
            return;
        for (var sequence = Confirmed; sequence < End; sequence++)
            this[sequence] = old[sequence];
        blocks.Return(old._ring);
    }

    /// <summary>Takes a copy of a message.</summary>
    public void Append(TransportShared shared, Peer destination, ReadOnlySpan<byte> message, int segments)
    {
        Reserve(shared.SendBlocks, segments);
        shared.SendMemory.Take(destination, segments);
        var total = message.Length;
        for (var i = 0; i < segments; i++)
        {
            var length = Math.Min(message.Length, WireLimits.MaxSegment);
            Append(new SendSegment
            {
                Place = shared.Segments.RentCopy(message[..length]),
                Part = MessagePart.Of(i, segments, total),
                Length = (ushort)length,
            });
            message = message[length..];
        }
    }

    public void Append(in SendSegment segment)
    {
        this[End] = segment;
        End++;
    }

    public void MarkSent(ulong sequence, MonoTime now)
    {
        ref var segment = ref this[sequence];
        if (segment.State == SendSegmentState.Lost)
            Lost--;
        else
            Sent = sequence + 1;
        segment.State = SendSegmentState.InFlight;
        segment.SentAt = now;
        if (segment.Transmissions < byte.MaxValue)
            segment.Transmissions++;
        InFlight++;
    }

    public void MarkLost(ulong sequence)
    {
        ref var segment = ref this[sequence];
        if (segment.State != SendSegmentState.InFlight)
            return;
        segment.State = SendSegmentState.Lost;
        InFlight--;
        Lost++;
        _lostFrom = Math.Min(_lostFrom, sequence);
    }

    public void MarkAllLost()
    {
        for (var sequence = Confirmed; InFlight > 0; sequence++)
            MarkLost(sequence);
    }

    /// <summary>The first segment to be sent again; only while <see cref="Lost"/> is not 0.</summary>
    public ulong FirstLost()
    {
        _lostFrom = Math.Max(_lostFrom, Confirmed);
        while (this[_lostFrom].State != SendSegmentState.Lost)
            _lostFrom++;
        return _lostFrom;
    }

    /// <summary>After a timeout: the first and the last segment that may be lost go out again; their confirmation shows the rest.</summary>
    public void MarkEndsLost()
    {
        MarkLost(Confirmed);
        for (var sequence = Sent - 1; sequence > Confirmed; sequence--)
        {
            if (this[sequence].State == SendSegmentState.Received)
                continue;
            MarkLost(sequence);
            break;
        }
    }

    /// <summary>Lets go of everything before <paramref name="next"/>, which is not beyond <see cref="Sent"/>.</summary>
    public void ConfirmUpTo(ulong next, SegmentPool pool, ref ConfirmProgress progress)
    {
        for (; Confirmed < next; Confirmed++)
        {
            ref var segment = ref this[Confirmed];
            Receive(ref segment, ref progress);
            progress.Confirmed++;
            if (segment.Part.Ends)
                progress.Messages++;
            pool.Return(segment.Place);
            segment = default;
        }
    }

    /// <summary>
    /// Takes note of segments received above a gap. The segment at <see cref="Confirmed"/> is missing by what a CONFIRM
    /// says, whatever was known before.
    /// </summary>
    public void MarkReceived(ReadOnlySpan<SegmentRange> ranges, ref ConfirmProgress progress)
    {
        _toldEnd = Confirmed;
        foreach (var range in ranges)
        {
            var end = Math.Min(Confirmed + range.Offset + range.Length, Sent);
            for (var sequence = Confirmed + range.Offset; sequence < end; sequence++)
                Receive(ref this[sequence], ref progress);
            _toldEnd = end;
        }

        if (HasUnconfirmed && this[Confirmed].State == SendSegmentState.Received)
        {
            this[Confirmed].State = SendSegmentState.InFlight;
            InFlight++;
        }
    }

    /// <summary>
    /// Takes holes that are old enough for lost; says when the next one will be, and how many of the lost were sent after
    /// a time of which everything is known already.
    /// </summary>
    public MonoTime FindHoles(MonoTime now, Duration age, MonoTime knownUntil, out int news)
    {
        var next = MonoTime.Never;
        news = 0;
        for (var sequence = Confirmed; sequence < _toldEnd; sequence++)
        {
            ref var segment = ref this[sequence];
            if (segment.State != SendSegmentState.InFlight)
                continue;
            var due = segment.SentAt + RttEstimator.HoleAgeAfter(age, segment.Transmissions - 1);
            if (due > now)
            {
                next = MonoTime.Min(next, due);
                continue;
            }

            news += segment.SentAt > knownUntil ? 1 : 0;
            MarkLost(sequence);
        }

        return next;
    }

    /// <summary>Gives the ring back when nothing is left in it.</summary>
    public void ReleaseIfEmpty(BlockPool<SendSegment> blocks)
    {
        if (Count > 0 || _ring is null)
            return;
        blocks.Return(_ring);
        _ring = null;
    }

    public int ReleaseAll(SegmentPool pool, BlockPool<SendSegment> blocks)
    {
        var held = Count;
        for (; Confirmed < End; Confirmed++)
            pool.Return(this[Confirmed].Place);
        Sent = End;
        InFlight = 0;
        Lost = 0;
        ReleaseIfEmpty(blocks);
        return held;
    }

    private void Receive(ref SendSegment segment, ref ConfirmProgress progress)
    {
        switch (segment.State)
        {
            case SendSegmentState.Received:
                return;
            case SendSegmentState.InFlight:
                InFlight--;
                break;
            case SendSegmentState.Lost:
                Lost--;
                break;
        }

        segment.State = SendSegmentState.Received;
        progress.Received++;
        if (segment.Transmissions == 1)
            progress.LatestSentOnce = MonoTime.Max(progress.LatestSentOnce, segment.SentAt);
    }
}
