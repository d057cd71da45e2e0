using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Hosting.Daemon;

namespace WeCan.Runtime.Control;

/// <summary>
/// Keeps a session with one of the network's controllers, for ever: one task connects, talks, and connects again, the last good
/// address first, with growing pauses that have chance in them, and not before a controller that said so wants it. The session,
/// the replicas and what hangs on them are touched under one lock, by the session's task and the clock's tick.
/// <para>
/// To add a message: give <see cref="NodeSession"/> a slot for it (node to controller) or a replica (controller to node). Then hang a part
/// on this client before <see cref="Start"/>: <see cref="Welcomed"/> when a session begins, <see cref="Received"/> after bytes of it were
/// handled, and <see cref="Ticked"/> once a second, with or without a session. All are called under the lock; they post to the driver
/// and wait for nothing. From other threads, <see cref="Say"/>. What they want said leaves when they return.
/// Membership/MembershipFollower is the model.
/// </para>
/// </summary>
public sealed class ControlClient : IAsyncDisposable
{
    private readonly Lock _changing = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly WakeSignal _wake = new();
    private readonly NodeFolder _folder;
    private readonly ControlClientOptions _options;
    private readonly MembershipReplica _replica;
    private readonly RouteReplica _routes;
    private readonly NodeClock _clock;
    private readonly CertificateKeeper _certificates;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly MonotonicClock _mono = new();
    private readonly ControllerAddresses _addresses;
    private readonly ControlDialer _dialer;
    private NodeRecord _record;
    private NodeSession? _session;
    private IReadOnlyList<NetAddress> _reachable;
    private bool _isDraining;
    private volatile bool _isClosing;
    private bool _isClockTold;
    private ControlStatus _status = ControlStatus.None;
    private Task _running = Task.CompletedTask;
    private ITimer? _ticking;

    public ControlClient(NodeFolder folder, NodeRecord record, ControlClientOptions options, MembershipReplica replica, RouteReplica routes, NodeClock clock, OverlayKey overlayKey, TimeProvider time, ILogger log)
    {
        (_folder, _record, _options, _replica, _routes, _clock, _time, _log) = (folder, record, options, replica, routes, clock, time, log);
        _reachable = options.Addresses;
        _certificates = new(folder, record, clock, overlayKey, log);
        _addresses = new(options.Controllers, record.Controllers);
        _dialer = new(
            QuicControlStream.IsSupported ? QuicConnector.For(_certificates, clock) : null,
            (address, stop) => WebSocketConnector.ConnectAsync(address, _certificates, clock, stop),
            time);
    }

    /// <summary>What the node holds of the access to the bus; null for a node that does not ask for that. Set before <see cref="Start"/>.</summary>
    public AccessReplica? Access { get; set; }

    /// <summary>A controller has welcomed the node in a new session: what it is to know beside the hello is said now.</summary>
    public Action<NodeSession>? Welcomed { get; set; }

    /// <summary>Bytes of the session were handled; replicas may have changed.</summary>
    public Action<NodeSession>? Received { get; set; }

    /// <summary>A second has passed. The session is null while none stands.</summary>
    public Action<NodeSession?>? Ticked { get; set; }

    public ControlStatus Status => Volatile.Read(ref _status);

    /// <summary>Ends with the client; with a fault, where it could not go on, which whoever runs it has to see.</summary>
    public Task Completion => _running;

    public DateTimeOffset CertificateEnd
    {
        get
        {
            lock (_changing)
                return _certificates.End;
        }
    }

    public void Start()
    {
        _ticking = _time.CreateTimer(_ => Tick(), null, ControlClientLimits.Tick, ControlClientLimits.Tick);
        _running = Task.Run(() => RunAsync(_stopping.Token));
    }

    /// <summary>Does something under the lock, with the session if one stands, and has what it wants said sent. Any thread but a part's own call.</summary>
    public void Say(Action<NodeSession?> say)
    {
        ArgumentNullException.ThrowIfNull(say);
        lock (_changing)
            say(_session is { IsWelcome: true } session ? session : null);
        _wake.Set();
    }

    /// <summary>The same on another thread, for the loop, which does not wait for the lock.</summary>
    public void SayLater(Action<NodeSession?> say) => ThreadPool.UnsafeQueueUserWorkItem(state => state.Client.Say(state.Say), (Client: this, Say: say), preferLocal: false);

    /// <summary>Says that this node lets go of its work, now and in each new session, or that it is back.</summary>
    public void SetDraining(bool isOn) => Say(session =>
    {
        _isDraining = isOn;
        session?.SetDraining(isOn);
    });

    public void SetAddresses(IReadOnlyList<NetAddress> addresses) => Say(session =>
    {
        _reachable = addresses;
        session?.SetAddresses(addresses);
    });

    /// <summary>Says goodbye, as far as the controller takes it in time, and ends.</summary>
    public async Task StopAsync(string why, CancellationToken cancellation)
    {
        Say(session =>
        {
            _isClosing = true;
            session?.Close(GoodbyeReason.Stopping, why);
        });
        if (!Status.IsConnected)
            await _stopping.CancelAsync();
        await _running.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_ticking is not null)
            await _ticking.DisposeAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_changing)
            _certificates.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        var pipeline = new ResiliencePipelineBuilder<ControlAttempt> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<ControlAttempt>
            {
                ShouldHandle = new PredicateBuilder<ControlAttempt>().HandleResult(attempt => !attempt.WasGood && !_isClosing),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = ControlClientLimits.FirstRetry,
                MaxDelay = ControlClientLimits.LongestRetry,
                DelayGenerator = retry => new(Rest(retry.Outcome.Result!)),
            })
            .Build();
        try
        {
            while (!_isClosing)
            {
                var last = await pipeline.ExecuteAsync(async stop => await AttemptAsync(stop), cancellation);

                // No polling: a pause before the next session, that a controller asked for or that keeps a thousand nodes from coming at once.
                if (!_isClosing)
                    await Task.Delay(Rest(last) ?? ControlClientLimits.FirstRetry * Random.Shared.NextDouble(), _time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // As asked.
        }
    }

    /// <summary>What a controller asked for, and up to as much again, so that all whom it asked do not come back together.</summary>
    private static TimeSpan? Rest(ControlAttempt attempt)
    {
        if (attempt.RetryAfter <= TimeSpan.Zero)
            return null;
        var rest = attempt.RetryAfter < ControlClientLimits.LongestRest ? attempt.RetryAfter : ControlClientLimits.LongestRest;
        return rest * (1 + Random.Shared.NextDouble());
    }

    /// <summary>Asks the controllers in turn, and talks with the first that takes the connection until that is over.</summary>
    private async Task<ControlAttempt> AttemptAsync(CancellationToken cancellation)
    {
        List<string> reasons = [];
        foreach (var address in _addresses.InTurn())
        {
            try
            {
                await using var connection = await _dialer.ConnectAsync(address, cancellation);
                var attempt = await ServeAsync(address, connection, cancellation);
                if (attempt.LeadsNot.Length == 0)
                    return attempt;
                reasons.Add($"{address}: {attempt.LeadsNot}");
            }
            catch (ControlRefusedException refused)
            {
                reasons.Add(refused.Message);
            }
        }

        var why = string.Join("; ", reasons);
        if (!Status.Trouble.Equals(why, StringComparison.Ordinal))
            ControlLog.NoController(_log, why);
        Volatile.Write(ref _status, Status with { Failures = Status.Failures + 1, Trouble = why });
        return new(WasGood: false, TimeSpan.Zero);
    }

    private async Task<ControlAttempt> ServeAsync(string address, ControlConnection connection, CancellationToken cancellation)
    {
        var start = _time.GetTimestamp();
        NodeSession session;
        lock (_changing)
        {
            _certificates.Forget();
            session = _session = new(
                new() { Role = _record.Role, Epoch = _options.Epoch, Software = _options.Software, Addresses = _reachable, IsDraining = _isDraining }, _replica, _mono.Now, _routes, Access);
        }

        var lost = "";
        try
        {
            await new ControlTalk(connection.Stream, session, _changing, _wake, _mono, () => Handle(address, connection.Transport, session)).RunAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or System.Net.WebSockets.WebSocketException or InvalidOperationException)
        {
            // A platform's stream that is torn down while it is in use says so by an InvalidOperationException, too.
            lost = $"the connection was lost ({failure.GetBaseException().Message})";
        }
        finally
        {
            lock (_changing)
                _session = null;
        }

        var (end, hasStood) = (session.End, Status.IsConnected);
        var why = end?.Text ?? (lost.Length > 0 ? lost : "the controller closed the connection");
        var isDisowned = end is { IsOurs: false, Reason: GoodbyeReason.NotAMember };
        Volatile.Write(ref _status, Status with { IsConnected = false, Trouble = why, Since = hasStood ? _time.GetUtcNow() : Status.Since, IsDisowned = isDisowned || (end is null && Status.IsDisowned) });

        // A connection by QUIC stands before the controller has judged this node, and may carry small packets only: a word of it is what counts.
        if (connection.Transport == ControlTransport.Quic && !hasStood && end is null or { IsOurs: true })
            _dialer.LeaveOut(address);
        if (_isClosing)
            return new(WasGood: true, TimeSpan.Zero);
        if (end is { IsOurs: false, Reason: GoodbyeReason.NotLeader } && !hasStood)
            return new(WasGood: false, TimeSpan.Zero, why);
        if (isDisowned)
            ControlLog.NotAMember(_log, address, why);
        else
            ControlLog.SessionOver(_log, address, why);
        return new(hasStood && _time.GetElapsedTime(start) >= ControlClientLimits.GoodSession, end is { IsOurs: false } ? end.RetryAfter.ToTimeSpan() : TimeSpan.Zero);
    }

    /// <summary>After bytes were handled, under the lock.</summary>
    private void Handle(string address, ControlTransport transport, NodeSession session)
    {
        while (session.TryTakeMessage(out var message))
        {
            switch (message)
            {
                case WelcomeMessage welcome:
                    Welcome(address, transport, session, welcome);
                    break;
                case CertificateMessage certificate:
                    _certificates.Take(certificate);
                    break;
                case RefusalMessage refusal:
                    _certificates.Refused(refusal);
                    break;
            }
        }

        Received?.Invoke(session);
    }

    private void Welcome(string address, ControlTransport transport, NodeSession session, WelcomeMessage welcome)
    {
        var difference = _clock.Set(welcome.Time);
        var off = difference.ToTimeSpan();
        if (off.Duration() >= ControlClientLimits.ClockWorthTelling && !_isClockTold)
            ControlLog.ClockIsOff(_log, off.Duration().ToString(@"d\.hh\:mm\:ss"), off > TimeSpan.Zero ? "behind" : "ahead of");
        _isClockTold = off.Duration() >= ControlClientLimits.ClockWorthTelling;
        _certificates.Trust(welcome.Authorities);
        _addresses.Succeeded(address, welcome.Controllers);
        Keep(_record with { Controllers = _addresses.Known, ClockDifference = difference });
        ControlLog.Connected(_log, welcome.Controller, address, transport);
        Volatile.Write(ref _status, new(IsConnected: true, address, transport, Status.Sessions + 1, Status.Failures, "") { Since = _time.GetUtcNow() });
        if (_isClosing)
            session.Close(GoodbyeReason.Stopping, "the node stops");
        else
            Welcomed?.Invoke(session);
    }

    /// <summary>What a second's difference of the clocks would change is not worth a write.</summary>
    private void Keep(NodeRecord record)
    {
        var isSame = record.Controllers.SequenceEqual(_record.Controllers, StringComparer.Ordinal)
            && (record.ClockDifference - _record.ClockDifference).ToTimeSpan().Duration() < ControlClientLimits.ClockWorthTelling;
        if (isSame)
            return;
        try
        {
            _folder.Save(record);
            _record = record;
        }
        catch (DaemonException failure)
        {
            ControlLog.NotKept(_log, failure.Message);
        }
    }

    private void Tick()
    {
        lock (_changing)
        {
            var session = _session is { IsWelcome: true } welcomed ? welcomed : null;
            if (session is not null)
                _certificates.AskIfDue(session);
            Ticked?.Invoke(session);
        }

        _wake.Set();
    }
}
