using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Sessions;
using WeCan.Protocol.Nodes;

namespace WeCan.Runtime.Traffic;

/// <summary>
/// Tells the controller about every ten seconds what has passed through the node since it was told last, however long that was: without a session
/// nothing is forgotten. The loop looks (<see cref="Look"/>), and who has the session tells (<see cref="Tell"/>); never both at once.
/// </summary>
internal sealed class TrafficReporter
{
    private TrafficTotals? _told;

    /// <summary>The totals, where it is time to tell them; null else.</summary>
    public TrafficTotals? Look(Node node, MonoTime now)
    {
        var told = Volatile.Read(ref _told);
        if (told is null)
            Volatile.Write(ref _told, TrafficTotals.Nothing(now));
        return told is not null && TrafficTotals.Nothing(now).IsDueAfter(told, ControlLimits.TrafficInterval) ? TrafficTotals.Of(node, now) : null;
    }

    /// <summary>Under the client's lock.</summary>
    public void Tell(NodeSession? session, TrafficTotals? totals)
    {
        if (totals is not null && session is not null && session.TryTellTraffic(totals.Since(_told!)))
            Volatile.Write(ref _told, totals);
    }
}
