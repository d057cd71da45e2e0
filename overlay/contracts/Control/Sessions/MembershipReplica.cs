using WeCan.Contracts.Control.Messages;

namespace WeCan.Contracts.Control.Sessions;

/// <summary>
/// What a node holds of its network's membership, and which of it counts now. Fed by a session with snapshots and deltas,
/// or from the node's disk with the same messages; asked for what changed by whoever runs the node. It keeps to three
/// rules. A delta is applied only to exactly the version that it starts from. A snapshot is applied when it is whole, and
/// what was held before counts until then. Nothing leads to members of no version, as that is
/// what a node holds that was told nothing. A member whose end has passed does not count, with or without a controller,
/// from <see cref="ControlLimits.ClockDifference"/> after its end.
/// </summary>
public sealed class MembershipReplica
{
    private readonly Dictionary<NodeId, Member> _members = [];
    private readonly HashSet<NodeId> _usable = [];
    private readonly Queue<NodeId> _changes = [];
    private readonly HashSet<NodeId> _changed = [];
    private readonly List<Member> _staged = [];
    private MembershipVersion _stagedVersion;
    private uint _nextPiece;
    private UnixTime _now;

    public MembershipReplica(NetworkId network, UnixTime now)
    {
        Network = network;
        _now = now;
    }

    public NetworkId Network { get; }

    public MembershipVersion Version { get; private set; }

    /// <summary>Everybody held, also those whose end has passed: a later delta may renew them.</summary>
    public IReadOnlyCollection<Member> Members => _members.Values;

    /// <summary>The member of this number, if it counts now.</summary>
    public Member? Find(NodeId number) => _usable.Contains(number) ? _members[number] : null;

    /// <summary>Applies a delta. False, and nothing is changed, where it does not start from what is held, or leads to no version: then a snapshot is needed.</summary>
    public bool TryApply(DeltaMessage delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        if (delta.From != Version || delta.To == MembershipVersion.None)
            return false;
        foreach (var change in delta.Changes)
        {
            if (change.Member is null)
                Drop(change.Number);
            else
                Put(change.Member);
        }

        Version = delta.To;
        return true;
    }

    /// <summary>
    /// Takes the next piece of a snapshot; with the last one, the whole is applied. False where the piece does not follow
    /// from those before it, or has members of no version: they are forgotten, and a new snapshot is needed. A piece of number 0 always begins anew.
    /// </summary>
    public bool TryAdd(SnapshotMessage piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        if (piece.Piece == 0)
        {
            ForgetPieces();
            _stagedVersion = piece.Version;
        }

        var isNext = piece.Piece == _nextPiece && piece.Version == _stagedVersion
            && (piece.Version != MembershipVersion.None || piece.Members.Count == 0)
            && (_staged.Count == 0 || piece.Members.Count == 0 || _staged[^1].Number < piece.Members[0].Number);
        if (!isNext)
        {
            ForgetPieces();
            return false;
        }

        _staged.AddRange(piece.Members);
        _nextPiece++;
        if (piece.IsLast)
            ApplySnapshot();
        return true;
    }

    /// <summary>Forgets the pieces of a snapshot that will not be finished: the session that brought them is over.</summary>
    public void ForgetPieces()
    {
        _staged.Clear();
        _nextPiece = 0;
    }

    /// <summary>Counts anew who counts, by the wall clock as the controller has it.</summary>
    public void Refresh(UnixTime now)
    {
        _now = now;
        foreach (var member in _members.Values)
            Judge(member);
    }

    /// <summary>
    /// The next member of which something changed since it was last told: as it is now, or null where it does not count any
    /// more. Several changes of one member that nobody asked for in between are one.
    /// </summary>
    public bool TryTakeChange(out NodeId number, out Member? member)
    {
        member = null;
        if (!_changes.TryDequeue(out number))
            return false;
        _changed.Remove(number);
        member = Find(number);
        return true;
    }

    /// <summary>The whole as snapshot pieces: what a node writes to its disk, to feed it to a new replica after a restart.</summary>
    public IEnumerable<SnapshotMessage> ToSnapshot() =>
        SnapshotMessage.Cut(Version, [.. _members.Values.OrderBy(member => member.Number)]);

    private void ApplySnapshot()
    {
        var stay = _staged.Select(member => member.Number).ToHashSet();
        foreach (var number in _members.Keys.Where(number => !stay.Contains(number)).ToList())
            Drop(number);
        foreach (var member in _staged)
            Put(member);
        Version = _stagedVersion;
        ForgetPieces();
        _staged.Capacity = 0;
    }

    private void Put(Member member)
    {
        if (_members.TryGetValue(member.Number, out var before) && before == member)
            return;
        _members[member.Number] = member;
        Judge(member);
        if (_usable.Contains(member.Number))
            Tell(member.Number);
    }

    private void Drop(NodeId number)
    {
        _members.Remove(number);
        if (_usable.Remove(number))
            Tell(number);
    }

    private void Judge(Member member)
    {
        var isUsable = member.Expires + ControlLimits.ClockDifference > _now;
        if (isUsable ? _usable.Add(member.Number) : _usable.Remove(member.Number))
            Tell(member.Number);
    }

    private void Tell(NodeId number)
    {
        if (_changed.Add(number))
            _changes.Enqueue(number);
    }
}
