namespace WeCan.Edge.Tunnels.Streams;

/// <summary>
/// What all connections of a node may have their other ends send ahead of the local programs, in bytes. A window is doubled only
/// out of half of what is free, so that some is left for connections to come.
/// </summary>
internal sealed class WindowBudget(long limit)
{
    public long Used { get; private set; }

    public bool TryTakeFirst()
    {
        if (Used + TunnelLimits.FirstWindow > limit)
            return false;
        Used += TunnelLimits.FirstWindow;
        return true;
    }

    public bool TryDouble(int window)
    {
        if (window > TunnelLimits.MaxWindow / 2 || window > (limit - Used) / 2)
            return false;
        Used += window;
        return true;
    }

    public void Give(int window) => Used -= window;
}
