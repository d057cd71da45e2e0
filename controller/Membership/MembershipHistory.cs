using System.Buffers.Binary;
using System.Security.Cryptography;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Store;

namespace WeCan.Controller.Membership;

/// <summary>
/// The membership as it is and how it came to be so: every member's state, and the last changes with the version that each
/// led to. It says what leads a node from the version that it holds to the newest, or that nothing does: the version is not
/// one of this past, or lies before what is kept. A version's mark is a hash over the mark before it and the change, so two
/// pasts that differ anywhere differ in every mark from there on.
/// </summary>
internal sealed class MembershipHistory
{
    private readonly SortedDictionary<NodeId, Member> _members = [];
    private readonly List<ChangeRow> _changes;
    private MembershipVersion _base;
    private Member[]? _snapshot;
    private DeltaMessage? _lastDelta;

    public MembershipHistory(ControllerState state)
    {
        foreach (var (number, row) in state.Members)
            _members.Add(number, row.Member);
        _changes = [.. state.Changes];
        _base = state.Base;
    }

    public MembershipVersion Version => _changes.Count == 0 ? _base : _changes[^1].Version;

    public IReadOnlyCollection<Member> Members => _members.Values;

    public bool Holds(NodeId number) => _members.ContainsKey(number);

    /// <summary>A node as people know it; by its number alone where it has no name, or is no member any more.</summary>
    public NodeName NameOf(NodeId number) => new(number.Value, _members.TryGetValue(number, out var member) ? member.Name : "");

    /// <summary>Everybody in ascending order, as one array for all who send it.</summary>
    public IReadOnlyList<Member> Snapshot => _snapshot ??= [.. _members.Values];

    public int KeptChanges => _changes.Count;

    public ChangeRow Append(MemberChange change, UnixTime at)
    {
        var row = new ChangeRow(Next(Version, change.ToArray()), change, at);
        if (change.Member is null)
            _members.Remove(change.Number);
        else
            _members[change.Number] = change.Member;
        _changes.Add(row);
        _snapshot = null;
        return row;
    }

    /// <summary>Forgets the oldest changes but <paramref name="kept"/>, and says from which version on they are known still.</summary>
    public MembershipVersion Trim(int kept)
    {
        var gone = _changes.Count - kept;
        if (gone <= 0)
            return _base;
        _base = _changes[gone - 1].Version;
        _changes.RemoveRange(0, gone);
        return _base;
    }

    /// <summary>Whether changes lead from this version to the newest.</summary>
    public bool Reaches(MembershipVersion from) =>
        from == _base || (IndexAfter(from) is var index && index > 0 && _changes[index - 1].Version == from);

    /// <summary>
    /// What leads from a version some way towards the newest, at most as much as one frame carries. False where nothing does.
    /// The last answer is kept, as all who are up to date ask the same.
    /// </summary>
    public bool TryMakeDelta(MembershipVersion from, out DeltaMessage? delta)
    {
        delta = null;
        if (!Reaches(from) || from == Version)
            return false;
        if (_lastDelta is { } last && last.From == from && last.To == Version)
        {
            delta = last;
            return true;
        }

        var start = IndexAfter(from);
        var end = start;
        for (var size = ControlLimits.MaxMember; end < _changes.Count; end++)
        {
            size += _changes[end].Change.Member?.Measure() + 8 ?? 8;
            if (size > ControlLimits.MaxPiece)
                break;
        }

        delta = _lastDelta = new(from, _changes[end - 1].Version, LastOfEach(start, end));
        return true;
    }

    /// <summary>The version that a change leads to, by the bytes of the change.</summary>
    public static MembershipVersion Next(MembershipVersion version, ReadOnlySpan<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, ControlLimits.MaxMember + 8);
        Span<byte> all = stackalloc byte[16 + ControlLimits.MaxMember + 8];
        BinaryPrimitives.WriteUInt64BigEndian(all, version.Number);
        BinaryPrimitives.WriteUInt64BigEndian(all[8..], version.Mark);
        body.CopyTo(all[16..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(all[..(16 + body.Length)], hash);
        return new(version.Number + 1, BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    /// <summary>Where the first change after a version's number is: numbers have no gaps.</summary>
    private int IndexAfter(MembershipVersion from) =>
        from.Number < _base.Number || from.Number - _base.Number > (ulong)_changes.Count ? -1 : (int)(from.Number - _base.Number);

    private List<MemberChange> LastOfEach(int start, int end)
    {
        var later = new HashSet<NodeId>();
        var kept = new List<MemberChange>();
        for (var i = end - 1; i >= start; i--)
        {
            if (later.Add(_changes[i].Change.Number))
                kept.Add(_changes[i].Change);
        }

        kept.Reverse();
        return kept;
    }
}
