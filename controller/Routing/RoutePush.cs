using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing;

/// <summary>
/// Leads the node of one session to its newest routes. It queues none: it remembers which the node will hold when all that was
/// polled has arrived, and makes the next frame from the newest there are when it is asked for one.
/// </summary>
internal sealed class RoutePush(NodeId node, RouteDesk desk)
{
    private NodeRoutes? _sent;
    private RoutesVersion _held;
    private IEnumerator<RoutesMessage>? _pieces;
    private NodeRoutes? _pushing;
    private MonoTime _wholeFrom;

    /// <summary>When it has something to say that it may not say yet.</summary>
    public MonoTime NextTimeout { get; private set; } = MonoTime.Never;

    /// <summary>What the node has on its disk, by its own word.</summary>
    public RoutesVersion Acknowledged { get; private set; }

    public void Begin(RoutesVersion held) => _held = held;

    public void Take(RoutesHeldMessage held)
    {
        Acknowledged = held.Version;
        if (!held.WantsAll)
            return;
        (_sent, _pieces, _pushing) = (null, null, null);

        // What the node holds is not what it was led to: nothing starts from there.
        _held = new(ulong.MaxValue, ulong.MaxValue);
    }

    /// <summary>Once is enough: a connection that is busy writing is not to wake its loop again and again.</summary>
    public void HandleTimeout(MonoTime now)
    {
        if (now >= NextTimeout)
            NextTimeout = MonoTime.Never;
    }

    public bool TryTake(MonoTime now, out ControlMessage? message)
    {
        message = null;
        if (_pieces is null && !TryBegin(now))
            return false;
        if (!_pieces!.MoveNext())
            return false;
        message = _pieces.Current;
        if (_pieces.Current.IsLast)
            (_sent, _pieces, _pushing) = (_pushing, null, null);
        return true;
    }

    private bool TryBegin(MonoTime now)
    {
        if (desk.Table.Of(node) is not { } newest || newest == _sent)
            return false;

        // A node that was away, or served by another controller, may hold the very same routes: they are not sent again.
        _sent ??= newest.Version.Mark == _held.Mark ? newest : null;
        if (_sent is not null)
        {
            var from = _sent == newest ? _held : _sent.Version;
            if (from == newest.Version)
                return false;
            (_pieces, _pushing) = (RoutesMessage.Cut(from, newest.Version, newest.Since(_sent)).GetEnumerator(), newest);
            return true;
        }

        if (now < _wholeFrom)
        {
            NextTimeout = _wholeFrom;
            return false;
        }

        _wholeFrom = now + ControlLimits.SnapshotInterval;
        (_pieces, _pushing) = (RoutesMessage.Cut(null, newest.Version, newest.Since(NodeRoutes.None)).GetEnumerator(), newest);
        return true;
    }
}
