using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Followers;

/// <summary>Which homes of a space have given a slice that has the subject; the slices count as used.</summary>
internal struct Cover(FollowedSpace space, MonoTime now) : IMatchVisitor<FollowSlice?>
{
    public bool First { get; private set; }

    public bool Second { get; private set; }

    public void Visit(FollowSlice? value)
    {
        value!.LastUsed = now;
        if (!value.IsWhole)
            return;
        First |= value.Home == space.First;
        Second |= value.Home == space.Second;
    }
}
