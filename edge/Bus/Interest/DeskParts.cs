using WeCan.Edge.Bus.Interest.Followers;
using WeCan.Edge.Bus.Interest.Homes;
using WeCan.Edge.Bus.Interest.Registrants;

namespace WeCan.Edge.Bus.Interest;

/// <summary>The three things that an edge is to others, over what they share.</summary>
internal sealed class DeskParts
{
    public DeskParts(InterestShared shared)
    {
        Shared = shared;
        Home = new(shared);
        Registrant = new(shared, Home);
        Follower = new(shared, Home);
        Frames = new(this);
    }

    public InterestShared Shared { get; }

    public Home Home { get; }

    public Registrant Registrant { get; }

    public Follower Follower { get; }

    public FrameSwitch Frames { get; }
}
