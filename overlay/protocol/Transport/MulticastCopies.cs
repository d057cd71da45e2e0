using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The copies of one segment that are still to be written: a packet for each set of edges, and further ones where the
/// priors of a set's destinations do not fit into one.
/// </summary>
internal sealed class MulticastCopies(TransportShared shared, MulticastSender flow, MulticastRoster roster)
{
    private readonly MulticastTargets _targets = new();
    private readonly ulong[] _covered = new ulong[EdgeSet.Words];
    private ulong[] _left = [];
    private int _place;

    public MulticastCopyKind Kind { get; private set; }

    public ulong Sequence { get; private set; }

    public bool IsEmpty => Kind == MulticastCopyKind.None;

    /// <summary>Copies of a segment for those in step that it is for; false when there are none.</summary>
    public bool TryBeginFirst(ulong sequence)
    {
        Begin(MulticastCopyKind.First, sequence);
        foreach (var set in roster.Sets)
        {
            for (var w = 0; w < EdgeSet.Words; w++)
                LeftIn(set)[w] = roster.InStep(set, sequence, w);
        }

        return TryFindNext();
    }

    /// <summary>Copies of a segment for all that miss it.</summary>
    public bool TryBeginRepair(ulong sequence)
    {
        Begin(MulticastCopyKind.Repair, sequence);
        foreach (var member in roster.Members)
        {
            if (member.Misses(sequence))
                _left[member.Slot >> 6] |= 1UL << (member.Slot & 63);
        }

        return TryFindNext();
    }

    /// <summary>An empty segment for all in step.</summary>
    public bool TryBeginSignOfLife()
    {
        Begin(MulticastCopyKind.SignOfLife, 0);
        foreach (var set in roster.Sets)
            set.InStep.CopyTo(LeftIn(set));
        return TryFindNext();
    }

    public bool IsLeft(int slot) => !IsEmpty && slot >> 6 < _left.Length && (_left[slot >> 6] & (1UL << (slot & 63))) != 0;

    /// <summary>No copy is written for the destination any more.</summary>
    public void Remove(int slot)
    {
        if (slot >> 6 < _left.Length)
            _left[slot >> 6] &= ~(1UL << (slot & 63));
    }

    public void Clear()
    {
        Array.Clear(_left);
        Kind = MulticastCopyKind.None;
    }

    /// <summary>Whether another copy is to be written; when not, the copies are done.</summary>
    public bool TryFindNext()
    {
        while (_place < roster.Sets.Count && !LeftIn(roster.Sets[_place]).ContainsAnyExcept(0UL))
            _place++;
        if (_place < roster.Sets.Count)
            return true;
        Kind = MulticastCopyKind.None;
        return false;
    }

    /// <summary>Writes the next copy, which <see cref="TryFindNext"/> has found.</summary>
    public int Write(MonoTime now, Span<byte> buffer, out MulticastTargets targets)
    {
        var set = roster.Sets[_place];
        var left = LeftIn(set);
        left.CopyTo(_covered);
        var length = Kind == MulticastCopyKind.SignOfLife ? WriteSignOfLife(buffer, left) : WriteSegment(set, buffer, left);
        for (var i = 0; i < EdgeSet.Words; i++)
            _covered[i] &= ~left[i];
        Tell(now, set);
        _targets.Fill(set.Number, _covered);
        targets = _targets;
        shared.Counters.MulticastCopies++;
        return length;
    }

    private void Begin(MulticastCopyKind kind, ulong sequence)
    {
        if (_left.Length < roster.Sets.Count * EdgeSet.Words)
            Array.Resize(ref _left, roster.Sets.Count * EdgeSet.Words);
        Kind = kind;
        Sequence = sequence;
        _place = 0;
    }

    private Span<ulong> LeftIn(MulticastSet set) => _left.AsSpan(set.Place * EdgeSet.Words, EdgeSet.Words);

    private int WriteSignOfLife(Span<byte> buffer, Span<ulong> left)
    {
        var writer = new WireWriter(buffer);
        new MulticastSegmentHeader { OriginEpoch = shared.Self, Flow = flow.Number }.Write(ref writer);
        left.Clear();
        return writer.Length;
    }

    private int WriteSegment(MulticastSet set, Span<byte> buffer, Span<ulong> left)
    {
        ref var segment = ref flow.Window[Sequence];
        var writer = new WireWriter(buffer[..TransportLimits.MaxPacket]);
        new MulticastSegmentHeader
        {
            OriginEpoch = shared.Self,
            Flow = flow.Number,
            Sequence = Sequence,
            Part = segment.Part,
        }.Write(ref writer);
        if (segment.Part.Begins)
            WritePriors(ref writer, set, left, segment.Length);
        else
            left.Clear();
        if (segment.Length > 0)
            writer.WriteBytes(shared.Segments.Read(segment.Place, segment.Length));
        return writer.Length;
    }

    private void WritePriors(ref WireWriter writer, MulticastSet set, Span<ulong> left, int payload)
    {
        var priors = shared.MulticastPriors;
        priors.Begin();
        for (var i = 0; i < EdgeSet.Words; i++)
        {
            for (var bits = left[i]; bits != 0; bits &= bits - 1)
            {
                var edge = (i * 64) + BitOperations.TrailingZeroCount(bits);
                var member = set.Members[edge]!;
                priors.Add((byte)edge, MulticastSegmentHeader.ReachOf(Sequence, member.PriorOf(Sequence), member.Life == BootEpoch.None));
            }
        }

        priors.Write(ref writer, writer.Room - payload, left);
    }

    private void Tell(MonoTime now, MulticastSet set)
    {
        if (Kind == MulticastCopyKind.SignOfLife)
            return;
        for (var i = 0; i < EdgeSet.Words; i++)
        {
            for (var bits = _covered[i]; bits != 0; bits &= bits - 1)
            {
                var member = set.Members[(i * 64) + BitOperations.TrailingZeroCount(bits)]!;
                if (Kind == MulticastCopyKind.Repair)
                    member.OnRemulticast(Sequence, now);
                else
                    member.OnMulticast(now);
            }
        }
    }
}
