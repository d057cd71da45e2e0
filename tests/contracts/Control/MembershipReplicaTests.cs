using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Sessions;

namespace WeCan.Contracts.Tests.Control;

/// <summary>docs/control.md, "Membership": what has members has a version, as none means that nothing was told yet.</summary>
public sealed class MembershipReplicaTests
{
    private static readonly MembershipVersion First = new(1, 11);

    private readonly MembershipReplica _replica = new(new(1), new(1_800_000_000));
    private readonly List<Member> _members = [.. Enumerable.Range(1, 20).Select(seed => new ControlSamples(new Random(seed)).Members()).First(members => members.Count >= 2).OrderBy(member => member.Number)];

    [Fact]
    public void A_snapshot_of_no_version_with_members_is_refused_and_what_was_held_stays()
    {
        Assert.False(_replica.TryAdd(new(MembershipVersion.None, 0, IsLast: true, _members)));
        Assert.Equal((MembershipVersion.None, 0), (_replica.Version, _replica.Members.Count));

        Assert.True(_replica.TryAdd(new(First, 0, IsLast: true, _members)));
        Assert.True(_replica.TryAdd(new(MembershipVersion.None, 0, IsLast: false, [])));
        Assert.False(_replica.TryAdd(new(MembershipVersion.None, 1, IsLast: true, _members)));
        Assert.False(_replica.TryAdd(new(MembershipVersion.None, 0, IsLast: false, _members)));
        Assert.Equal((First, _members.Count), (_replica.Version, _replica.Members.Count));
        Assert.True(_replica.TryAdd(new(MembershipVersion.None, 0, IsLast: true, [])));
        Assert.Equal((MembershipVersion.None, 0), (_replica.Version, _replica.Members.Count));
    }

    [Fact]
    public void A_change_to_no_version_is_refused_and_what_was_held_stays()
    {
        Assert.True(_replica.TryAdd(new(First, 0, IsLast: true, _members)));
        Assert.False(_replica.TryApply(new(First, MembershipVersion.None, [])));
        Assert.Equal((First, _members.Count), (_replica.Version, _replica.Members.Count));
    }
}
