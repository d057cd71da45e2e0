using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>
/// Which sessions were refused short ago: until its entry has heard, a program's datagrams each ask again, and one session is to be counted
/// once. A refused session takes no place in the exit's table, so that an entry without rights pushes nobody out. Of two that meet in
/// one place the newer is remembered, and the older counted again if it comes back.
/// </summary>
internal sealed class RefusalMemory
{
    private readonly (ExitSessionId Id, MonoTime Until)[] _places = new (ExitSessionId, MonoTime)[TunnelLimits.RefusedRemembered];

    /// <summary>Whether the session was not refused before, or long ago; from now on it was.</summary>
    public bool IsNew(MonoTime now, in ExitSessionId id)
    {
        ref var place = ref _places[(uint)id.GetHashCode() % TunnelLimits.RefusedRemembered];
        if (place.Id == id && now < place.Until)
            return false;
        place = (id, now + TunnelLimits.RefusedFor);
        return true;
    }
}
