using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Simulation;

/// <summary>
/// What every version of the membership that was ever committed held, in whichever past: reckoned from the changes alone, with
/// no code of the controller's. Whoever says that he holds a version is judged by it.
/// </summary>
internal sealed class MembershipLedger
{
    private readonly Dictionary<MembershipVersion, UInt128> _contents = new() { [default] = 0 };
    private Dictionary<NodeId, Member> _now = [];

    public MembershipVersion Version { get; private set; }

    public IReadOnlyDictionary<NodeId, Member> Now => _now;

    public void Commit(IEnumerable<ChangeRow> changes)
    {
        foreach (var row in changes)
        {
            Assert.Equal(Version.Number + 1, row.Version.Number);
            Version = row.Version;
            if (row.Change.Member is { } member)
                _now[row.Change.Number] = member;
            else
                Assert.True(_now.Remove(row.Change.Number), $"{row.Change.Number} ended and was no member.");
            var content = Content(_now.Values);
            Assert.True(!_contents.TryGetValue(Version, out var before) || before == content, $"{Version} has two contents.");
            _contents[Version] = content;
        }
    }

    /// <summary>The network goes back to an earlier state, as a backup had it; what was known of later versions stays.</summary>
    public void GoBack(ControllerState state)
    {
        _now = state.Members.ToDictionary(pair => pair.Key, pair => pair.Value.Member);
        Version = state.Changes.Count == 0 ? state.Base : state.Changes[^1].Version;
    }

    public void Judge(MembershipVersion version, IEnumerable<Member> members, string who)
    {
        Assert.True(_contents.TryGetValue(version, out var content), $"{who} says that it holds {version}, which never was.");
        Assert.True(content == Content(members), $"{who} holds {version} with other members than it has.");
    }

    /// <summary>A sum over the members, so that their order does not count.</summary>
    private static UInt128 Content(IEnumerable<Member> members)
    {
        UInt128 sum = 0;
        foreach (var member in members)
        {
            var hash = Fingerprint.Of(MemberChange.Put(MemberChangeKind.Changed, member).ToArray()).ToArray();
            sum += System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
        }

        return sum;
    }
}
