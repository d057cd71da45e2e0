using System.Numerics;
using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The destinations of one multicast flow: by node for what comes from them, by slot for what goes to them. One that was
/// lost keeps its slot until the application has taken the event; nothing is sent to it meanwhile, and afterwards a
/// message that names it makes a new destination of it. One that was taken out keeps its slot, so that a message that names
/// it takes it in again, until the place is wanted for another.
/// </summary>
internal sealed class MulticastRoster(TransportShared shared, Peers peers, MulticastSender flow, ServiceClass serviceClass)
{
    private readonly Dictionary<NodeId, MulticastMember> _byNode = [];
    private readonly List<MulticastMember> _behind = [];
    private readonly Queue<MulticastMember> _lost = new();
    private int _away;

    public List<MulticastSet> Sets { get; } = [];

    /// <summary>Destinations, lost ones that still have their slot included, and those that are away.</summary>
    public int Count => _byNode.Count + _lost.Count;

    /// <summary>Destinations that are neither lost nor away.</summary>
    public int PresentCount => _byNode.Count - _away;

    /// <summary>Destinations that left the multicast and are catching up.</summary>
    public List<MulticastMember> Behind => _behind;

    /// <summary>Destinations that are not lost, those that are away included.</summary>
    public Dictionary<NodeId, MulticastMember>.ValueCollection Members => _byNode.Values;

    public bool TryFind(NodeId node, out MulticastMember member) => _byNode.TryGetValue(node, out member!);

    /// <summary>The destination at a place of the edge index, unless it is lost or away.</summary>
    public bool TryFindPresent(ushort edge, out MulticastMember member)
    {
        member = FindSet((byte)(edge >> 8))?.Members[edge & 0xFF]!;
        return member is { IsLost: false, IsAway: false };
    }

    /// <summary>Makes destinations of all edges that a message names, or of none.</summary>
    public SendResult TryAdmit(MonoTime now, EdgeSet edges, ulong cursor)
    {
        var added = 0;
        var back = 0;
        var newSets = 0;
        for (var i = 0; i < edges.SetCount; i++)
        {
            var set = FindSet(edges.SetNumber(i));
            var bits = edges.Bits(i);
            newSets += set is null && bits.ContainsAnyExcept(0UL) ? 1 : 0;
            for (var w = 0; w < EdgeSet.Words; w++)
            {
                back += BitOperations.PopCount(bits[w] & (set?.Away[w] ?? 0));
                for (var left = bits[w] & ~(set?.Known[w] ?? 0); left != 0; left &= left - 1)
                {
                    var judged = shared.Edges.Judge((edges.SetNumber(i) * 256) + (w * 64) + BitOperations.TrailingZeroCount(left));
                    if (judged != SendResult.Accepted)
                        return judged;
                    added++;
                }
            }
        }

        if (Count - _away + back + added > MulticastLimits.MaxDestinations || Sets.Count + newSets > MulticastLimits.MaxSets)
            return SendResult.TooManyDestinations;
        if (back > 0)
            TakeBack(now, edges, cursor);
        while (Count + added > MulticastLimits.MaxDestinations)
            flow.Forget(LongestAway());
        if (added > 0)
            Admit(edges, cursor);
        return SendResult.Accepted;
    }

    /// <summary>The slots that a message goes to, in a rented array, and how many they are.</summary>
    public ulong[] TargetsOf(EdgeSet edges, out int count)
    {
        count = 0;
        var targets = shared.TargetBlocks.Rent((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, Sets.Count) * EdgeSet.Words));
        for (var i = 0; i < edges.SetCount; i++)
        {
            if (FindSet(edges.SetNumber(i)) is not { } set)
                continue;
            var bits = edges.Bits(i);
            for (var w = 0; w < EdgeSet.Words; w++)
            {
                var word = bits[w] & ~set.Lost[w];
                targets[(set.Place * EdgeSet.Words) + w] = word;
                count += BitOperations.PopCount(word);
            }
        }

        return targets;
    }

    /// <summary>The destinations in a word of a set that a segment is for and that are in step.</summary>
    public ulong InStep(MulticastSet set, ulong sequence, int word)
    {
        var targets = flow.Window[sequence].Targets!;
        var place = (set.Place * EdgeSet.Words) + word;
        return place < targets.Length ? targets[place] & set.InStep[word] : 0;
    }

    public MulticastMember At(int slot) => Sets[slot >> 8].Members[slot & 0xFF]!;

    public void Leave(MulticastMember member)
    {
        Word(member.Slot, set => set.InStep) &= ~Bit(member.Slot);
        _behind.Add(member);
    }

    public void Rejoin(MulticastMember member)
    {
        Word(member.Slot, set => set.InStep) |= Bit(member.Slot);
        _behind.Remove(member);
    }

    /// <summary>A destination is away from now on.</summary>
    public void SendAway(MulticastMember member)
    {
        if (!member.IsInStep)
            flow.Rejoin(member);
        Word(member.Slot, set => set.Away) |= Bit(member.Slot);
        _away++;
    }

    /// <summary>A destination that is away is no longer remembered.</summary>
    public void DropAway(MulticastMember member)
    {
        Forget(member);
        _byNode.Remove(member.Peer.Id);
        _away--;
        Word(member.Slot, set => set.InStep) &= ~Bit(member.Slot);
        Word(member.Slot, set => set.Away) &= ~Bit(member.Slot);
        ClearPlace(member);
    }

    /// <summary>Takes a destination out; the event of it waits for the application.</summary>
    public void Lose(MulticastMember member)
    {
        Forget(member);
        _byNode.Remove(member.Peer.Id);
        _behind.Remove(member);
        Word(member.Slot, set => set.InStep) &= ~Bit(member.Slot);
        Word(member.Slot, set => set.Lost) |= Bit(member.Slot);
        _lost.Enqueue(member);
    }

    public bool TryTakeLost(out MulticastMember member)
    {
        if (!_lost.TryDequeue(out member!))
            return false;
        Word(member.Slot, set => set.Lost) &= ~Bit(member.Slot);
        ClearPlace(member);
        return true;
    }

    /// <summary>The flow is over: its destinations' nodes know nothing of it any more.</summary>
    public void ForgetAll()
    {
        foreach (var member in _byNode.Values)
            Forget(member);
        _byNode.Clear();
        _behind.Clear();
        _away = 0;
    }

    private static ulong Bit(int slot) => 1UL << (slot & 63);

    private static void Forget(MulticastMember member)
    {
        member.Peer.Destinations.Remove(member);
        member.Peer.LeaveLane(member.Lane);
    }

    private void ClearPlace(MulticastMember member)
    {
        Word(member.Slot, set => set.Known) &= ~Bit(member.Slot);
        Sets[member.Slot >> 8].Members[member.Slot & 0xFF] = null;
    }

    private ref ulong Word(int slot, Func<MulticastSet, ulong[]> words) => ref words(Sets[slot >> 8])[(slot >> 6) & (EdgeSet.Words - 1)];

    private MulticastSet? FindSet(byte number)
    {
        foreach (var set in Sets)
        {
            if (set.Number == number)
                return set;
        }

        return null;
    }

    /// <summary>Takes in again those of a message's edges that are away.</summary>
    private void TakeBack(MonoTime now, EdgeSet edges, ulong cursor)
    {
        for (var i = 0; i < edges.SetCount; i++)
        {
            if (FindSet(edges.SetNumber(i)) is not { } set)
                continue;
            for (var w = 0; w < EdgeSet.Words; w++)
            {
                var back = edges.Bits(i)[w] & set.Away[w];
                set.Away[w] &= ~back;
                _away -= BitOperations.PopCount(back);
                for (; back != 0; back &= back - 1)
                {
                    var member = set.Members[(w * 64) + BitOperations.TrailingZeroCount(back)]!;
                    member.ComeBack(now, cursor);
                    if (!member.IsInStep)
                        Leave(member);
                }
            }
        }
    }

    private MulticastMember LongestAway()
    {
        MulticastMember? longest = null;
        foreach (var member in _byNode.Values)
        {
            if (member.IsAway && (longest is null || member.AwaySince < longest.AwaySince))
                longest = member;
        }

        return longest!;
    }

    private void Admit(EdgeSet edges, ulong cursor)
    {
        for (var i = 0; i < edges.SetCount; i++)
        {
            var bits = edges.Bits(i);
            if (!bits.ContainsAnyExcept(0UL))
                continue;
            var set = FindSet(edges.SetNumber(i)) ?? AddSet(edges.SetNumber(i));
            for (var w = 0; w < EdgeSet.Words; w++)
            {
                for (var left = bits[w] & ~set.Known[w]; left != 0; left &= left - 1)
                    Add(set, (w * 64) + BitOperations.TrailingZeroCount(left), cursor);
            }
        }
    }

    private MulticastSet AddSet(byte number)
    {
        var set = new MulticastSet(number, Sets.Count);
        Sets.Add(set);
        return set;
    }

    private void Add(MulticastSet set, int edge, ulong cursor)
    {
        var peer = peers.Get(shared.Edges[(set.Number * 256) + edge]);
        flow.StopNotice(peer);
        var lane = peer.LaneFor(MulticastSender.RouteToken, serviceClass, flow.Priority);
        lane.Users++;
        var member = new MulticastMember(flow, shared, peer, lane, (set.Place * 256) + edge, cursor);
        _byNode.Add(peer.Id, member);
        peer.Destinations.Add(member);
        set.Members[edge] = member;
        set.Known[edge >> 6] |= Bit(edge);
        set.InStep[edge >> 6] |= Bit(edge);
    }
}
