using WeCan.Contracts;
using WeCan.Hosting.Metrics;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Sockets;

namespace WeCan.Runtime;

/// <summary>
/// One turn after another of a driver's loop: commands, what arrived, timers, the host's sockets, what is to be sent, what is delivered, and then a
/// sleep until there is more. Each part of a turn is bounded (<see cref="RuntimeLimits"/>); a part that was cut short makes
/// the next turn begin at once. One thread calls it, and is the only one to touch the node.
/// </summary>
internal sealed class OverlayLoop(
    Node node, IOverlayHost host, MonotonicClock clock, CommandQueue commands, WakeSocket wake, SocketWaiter waiter, IDatagramIngress ingress,
    IDatagramEgress egress, DriverStatistics statistics, SocketSet? sockets, LoopPulse? pulse)
{
    private bool _socketIsFull;
    private bool _holdsMore;
    private MonoTime _dueAt = MonoTime.Never;
    private MonoTime _turnAt;
    private long _allocatedByCommands;
    private Readiness _ready = Readiness.Readable;

    /// <summary>One turn, and then the sleep.</summary>
    public void Turn()
    {
        statistics.Turns++;
        NoteLag();
        var hasMore = RunCommands();
        hasMore |= Receive();
        RunTimers();
        hasMore |= RunSockets();
        hasMore |= Transmit(RuntimeLimits.TransmitsPerTurn);
        hasMore |= Deliver();
        hasMore |= sockets is not null && sockets.Flush();
        statistics.AllocatedByCommands = _allocatedByCommands;
        statistics.AllocatedInTurns = GC.GetAllocatedBytesForCurrentThread() - _allocatedByCommands;
        Sleep(hasMore);
    }

    /// <summary>Says goodbye on every link, as far as the socket and a lab's stage let it within a bound.</summary>
    public void Finish()
    {
        pulse?.End();
        node.Shutdown();
        Transmit(RuntimeLimits.FinalTransmits);
        var end = clock.Now + RuntimeLimits.FinalWait;
        while ((_socketIsFull || !egress.NextDue.IsNever) && clock.Now < end)
        {
            _ready = waiter.Wait(Until(MonoTime.Min(egress.NextDue, end)), _socketIsFull);
            TakeSignal();
            Transmit(RuntimeLimits.FinalTransmits);
        }
    }

    private bool RunCommands()
    {
        TakeSignal();
        for (var i = 0; i < RuntimeLimits.CommandsPerTurn; i++)
        {
            if (!commands.TryTake(out var command))
                return false;
            statistics.CommandsRun++;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            command!(node, clock.Now);
            _allocatedByCommands += GC.GetAllocatedBytesForCurrentThread() - allocated;
        }

        return true;
    }

    /// <summary>Before it is looked at what the signal is for; only after the sleep saw it, so that it has been sent whole.</summary>
    private void TakeSignal()
    {
        if ((_ready & Readiness.Woken) != Readiness.None)
            wake.Clear();
    }

    /// <summary>
    /// A datagram came, at the latest, when the system handed it over: the clock is read after that, once for all that it handed over
    /// together, and not when each of them has its turn.
    /// </summary>
    private bool Receive()
    {
        if ((_ready & Readiness.Readable) == Readiness.None && !_holdsMore)
            return false;
        var calls = -1L;
        var now = MonoTime.Zero;
        for (var i = 0; i < RuntimeLimits.ReceivesPerTurn; i++)
        {
            var hasOne = ingress.TryReceive(out var from, out var datagram);
            if (calls != statistics.ReceiveCalls)
                (calls, now) = (statistics.ReceiveCalls, clock.Now);
            if (hasOne && !from.IsNone && node.HandleDatagram(now, from, datagram))
                ingress.OnAuthentic();
            _holdsMore = ingress.HasMore;
            if (!_holdsMore)
                return false;
        }

        return true;
    }

    private bool RunSockets()
    {
        if (sockets is null)
            return false;
        if ((_ready & Readiness.Beside) != Readiness.None)
            sockets.Look();
        return sockets.Run(node, clock.Now);
    }

    private void RunTimers()
    {
        var now = clock.Now;
        if (node.NextTimeout <= now)
            node.HandleTimeout(now);
        if (host.NextTimeout <= now)
            host.OnTimeout(node, now);
    }

    /// <summary>True when the bound was reached. A full socket ends the round; what it did not take, the egress keeps and sends first.</summary>
    private bool Transmit(int atMost)
    {
        _socketIsFull = !egress.TryFlush(clock.Now);
        if (_socketIsFull)
            return false;
        var sent = 0;
        var now = MonoTime.Zero;
        while (sent < atMost && !_socketIsFull)
        {
            if (sent % RuntimeLimits.TransmitsPerLook == 0)
                now = clock.Now;
            if (!node.TryPollTransmit(now, egress.Draft, out var to, out var length))
                break;
            egress.Send(now, to, length);
            _socketIsFull = egress.Draft.IsEmpty;
            sent++;
        }

        _socketIsFull = !egress.TryFlush(clock.Now);
        return sent == atMost && !_socketIsFull;
    }

    /// <summary>True when anything was delivered: the node may then have something to send, such as a confirmation.</summary>
    private bool Deliver()
    {
        var delivered = false;
        for (var i = 0; i < RuntimeLimits.MessagesPerTurn && node.TryReceive(clock.Now, out var message); i++)
        {
            delivered = true;
            host.OnMessage(node, clock.Now, message);
        }

        for (var i = 0; i < RuntimeLimits.EventsPerTurn && node.TryPollTransportEvent(out var happened); i++)
        {
            delivered = true;
            host.OnTransportEvent(node, clock.Now, happened);
        }

        delivered |= DeliverFromClients();
        for (var i = 0; i < RuntimeLimits.EventsPerTurn && node.TryPollEvent(out var happened); i++)
        {
            delivered = true;
            host.OnNodeEvent(node, clock.Now, happened);
        }

        return delivered;
    }

    private bool DeliverFromClients()
    {
        var delivered = false;
        for (var i = 0; i < RuntimeLimits.MessagesPerTurn && node.Clients.TryReceive(clock.Now, out var message); i++)
        {
            delivered = true;
            host.OnClientMessage(node, clock.Now, message);
        }

        for (var i = 0; i < RuntimeLimits.EventsPerTurn && node.Clients.TryPollEvent(out var happened); i++)
        {
            delivered = true;
            host.OnClientEvent(node, clock.Now, happened);
        }

        return delivered;
    }

    private void Sleep(bool hasMore)
    {
        var egressDue = _socketIsFull ? MonoTime.Never : egress.NextDue;

        // What this turn has set to a time before itself, as a probe of a link that became fast, was never waited for: it is due now.
        _dueAt = hasMore ? MonoTime.Never : MonoTime.Max(_turnAt, MonoTime.Min(MonoTime.Min(node.NextTimeout, host.NextTimeout), egressDue));
        _ready = waiter.Wait(hasMore ? Duration.Zero : Until(_dueAt), _socketIsFull);
    }

    private Duration Until(MonoTime time) => Duration.Max(Duration.Zero, Duration.Min(time - clock.Now, RuntimeLimits.MaxWait));

    private void NoteLag()
    {
        _turnAt = clock.Now;
        var lag = _dueAt.IsNever ? Duration.Zero : _turnAt - _dueAt;
        if (lag <= Duration.Zero)
        {
            pulse?.Turn();
            return;
        }

        statistics.NoteLag(lag);
        pulse?.Turn(lag.ToTimeSpan());
    }
}
