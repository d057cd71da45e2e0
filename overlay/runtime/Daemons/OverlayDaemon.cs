using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Files;
using WeCan.Hosting.Local;
using WeCan.Protocol.Crypto;
using WeCan.Runtime.Access;
using WeCan.Runtime.Control;
using WeCan.Runtime.Local;
using WeCan.Runtime.Membership;
using WeCan.Runtime.Metrics;
using WeCan.Runtime.Routing;

namespace WeCan.Runtime.Daemons;

/// <summary>
/// What wecan-relay and wecan-edge have in common: a node on this machine that is a member of its network. Its start, in this
/// order: the folder is opened and held; a node that is in no network enrols; the loop runs at once with the membership that the
/// disk has, if any; the control client works beside it from then on. It stands when it knows a membership. Its end: the
/// controller is told that it lets go, traffic moves away, what the daemon added itself is let go of (in the order in which it was added to
/// the drain after <see cref="StartAsync{TOptions}"/>), and <see cref="EndAsync"/> says goodbye on the links and to the controller.
/// </summary>
public sealed class OverlayDaemon
{
    private readonly NodeFolder _folder;
    private readonly P256KeyPair _key;
    private readonly NodeJournal _journal;
    private readonly ILogger _log;
    private OverlayMetrics? _metrics;
    private LocalServer? _local;
    private volatile bool _isDraining;

    private OverlayDaemon(NodeFolder folder, NodeRecord record, P256KeyPair key, NodeJournal journal, OverlayDriver driver, ControlClient control, MembershipReplica membership, ILogger log)
    {
        (_folder, Record, _key, _journal, Driver, Control, Membership, _log) = (folder, record, key, journal, driver, control, membership, log);
    }

    /// <summary>Who this node is.</summary>
    public NodeRecord Record { get; }

    public OverlayDriver Driver { get; }

    /// <summary>The key by which clients know this node.</summary>
    public byte[] PublicKey => _key.PublicKey.ToArray();

    public ControlClient Control { get; }

    /// <summary>Links to members that stand.</summary>
    public int Links => _journal.Links;

    /// <summary>What the daemon answers to its own commands; its parts add to it.</summary>
    public LocalEndpoints Local { get; } = new();

    /// <summary>It lets go of its work, as it is about to end.</summary>
    internal bool IsDraining => _isDraining;

    /// <summary>Under the lock of <see cref="Control"/>.</summary>
    internal MembershipReplica Membership { get; }

    public static async Task<OverlayDaemon> StartAsync<TOptions>(DaemonContext<TOptions> context, OverlayPlan plan, CancellationToken cancellation)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        var log = context.Loggers.CreateLogger("overlay");
        var folder = NodeFolder.Open(plan.Settings.Data);
        P256KeyPair? key = null;
        OverlayDaemon? daemon = null;
        try
        {
            var record = await NodeEnrolment.AtStartAsync(folder, plan.Settings, context.Time, log, cancellation);
            key = folder.OverlayKey();
            var clock = new NodeClock(context.Time, record.ClockDifference);
            var membership = new MembershipReplica(record.Network, clock.UnixNow);
            if (folder.TryLoad(membership, log))
                DaemonLog.FromDisk(log, membership.Members.Count, membership.Version.ToString());
            var routes = new RouteReplica();
            if (RouteFile.TryLoad(folder.RoutesFile, routes, log))
                RouteLog.FromDisk(log, routes.Routes.Count, routes.Version.ToString());
            var names = new PeerNames();
            var journal = new NodeJournal(log, names);
            var epoch = BootEpochSource.Next(context.Time, folder.EpochFile);
            var driver = StartDriver(plan, record, epoch, key, journal, context.AddLoop("overlay"));
            var control = new ControlClient(folder, record, OptionsOf(plan.Settings, epoch, driver), membership, routes, clock, OverlayKeyOf(key), context.Time, log);
            daemon = new OverlayDaemon(folder, record, key, journal, driver, control, membership, log);
            daemon._metrics = new OverlayMetrics(daemon, context.Time);
            new MembershipFollower(record.Number, membership, folder, clock, context.Time, log, names).Start(driver, control);
            var follower = new RouteFollower(record.Number, routes, folder, context.Time, log, names);
            follower.Start(driver, control);
            if (plan.Access is { } access)
                new AccessFollower(access, () => membership.Find(record.Number)?.Region ?? "", folder, context.Time, log).Start(driver, control);
            new NodeDesk(daemon, routes, follower, new(SoftwareOf(plan.Settings), epoch, context.Time.GetUtcNow())).AddTo(daemon.Local);
            DaemonLog.Started(log, record.Number.Value, record.Role.ToString(), record.Network.ToString(), driver.LocalAddress.ToString(), epoch.Value);
            daemon.Attach(context);
            control.Start();
            StopOnFault(context, control.Completion, "control client");
            daemon.StartLocal(plan.Settings, context.Time);
            await daemon.StandAsync(context.Time, cancellation);
            context.OnDrain("traffic", limit => daemon.DrainTrafficAsync(context.Time, limit));
            return daemon;
        }
        catch (Exception failure)
        {
            if (daemon is not null)
                await daemon.EndAsync(CancellationToken.None);
            key?.Dispose();
            folder.Dispose();
            if (failure is RuntimeStartException)
                throw new DaemonException(failure.Message, failure.InnerException is IOException or UnauthorizedAccessException ? FileFailure.ExitCode(failure.InnerException) : ExitCodes.Unavailable, failure);
            throw;
        }
    }

    /// <summary>Applies what can change while it runs.</summary>
    public void Apply(OverlaySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Driver.Post((node, _) => node.SetUplinkRate(settings.Uplink));
        Driver.SetImpairment(settings.Impairment ?? new());
    }

    /// <summary>The last step of the drain: goodbye on every link, then to the controller.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        if (_local is not null)
            await _local.DisposeAsync();
        Driver.Stop(RuntimeLimits.StopBound);
        await Control.StopAsync("the node stops", cancellation);
        await Control.DisposeAsync();
        _metrics?.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    /// <summary>Asks the membership something, on the caller's thread; it changes meanwhile for nobody.</summary>
    public T Ask<T>(Func<MembershipReplica, T> ask)
    {
        ArgumentNullException.ThrowIfNull(ask);
        var answer = default(T);
        Control.Say(_ => answer = ask(Membership));
        return answer!;
    }

    private static OverlayDriver StartDriver(OverlayPlan plan, NodeRecord record, BootEpoch epoch, P256KeyPair key, NodeJournal journal, Hosting.Metrics.LoopPulse pulse) =>
        OverlayDriver.Start(
            new()
            {
                Node = new() { Id = record.Number, Epoch = epoch, Key = key, UplinkRate = plan.Settings.Uplink, ClientTokens = plan.ClientTokens },
                Bind = plan.Settings.Listen,
                Impairment = plan.Settings.Impairment,
                Pulse = pulse,
                Sockets = plan.Sockets,
            },
            new HostChain([journal, .. plan.Hosts]));

    private static ControlClientOptions OptionsOf(OverlaySettings settings, BootEpoch epoch, OverlayDriver driver) => new()
    {
        Epoch = epoch,
        Software = SoftwareOf(settings),
        Controllers = settings.Controllers,
        Addresses = settings.Advertise.Count > 0 ? [.. settings.Advertise.Select(NetAddress.FromEndPoint)] : LocalAddresses.Of(driver.LocalAddress),
    };

    private static string SoftwareOf(OverlaySettings settings) => $"{settings.Program} {typeof(OverlayDaemon).Assembly.GetName().Version?.ToString(3)}";

    private static OverlayKey OverlayKeyOf(P256KeyPair key) =>
        OverlayKey.TryRead(key.PublicKey.ToArray(), out var read) ? read : throw new InvalidOperationException("An overlay key that was loaded is none.");

    /// <summary>A node does its work also where its commands cannot ask it.</summary>
    private void StartLocal(OverlaySettings settings, TimeProvider time)
    {
        try
        {
            _local = LocalServer.Start(settings.LocalSocket, settings.Local.IsForGroup, Local, time);
        }
        catch (DaemonException failure)
        {
            DaemonLog.NotAskable(_log, failure.Message);
        }
    }

    private void Attach<TOptions>(DaemonContext<TOptions> context)
        where TOptions : class
    {
        context.Status = () => Control.Status is { IsConnected: true } control
            ? $"node {Record.Number.Value}, {Links} links, controller {control.Controller}"
            : $"node {Record.Number.Value}, {Links} links, no controller: {Control.Status.Trouble}";
        context.ReadyWhen(() => Ask(membership => membership.Version) == MembershipVersion.None ? "no membership is known yet" : null);
        StopOnFault(context, Driver.Completion, "overlay's loop");
    }

    /// <summary>
    /// The first step of the drain: the controller is told, leads traffic around this node, and the node waits until nothing has
    /// passed through it for a while, or for so long. Without a controller nobody is led away, and nothing is waited for. That nothing
    /// passes is no event that could be waited for: the counter is looked at now and again.
    /// </summary>
    private async Task DrainTrafficAsync(TimeProvider time, CancellationToken cancellation)
    {
        _isDraining = true;
        Control.SetDraining(true);
        var view = new NodeView(Driver, time);
        var (start, quietSince, passed) = (time.GetTimestamp(), time.GetTimestamp(), -1L);
        while (Control.Status.IsConnected && time.GetElapsedTime(quietSince) < DaemonLimits.QuietTraffic && time.GetElapsedTime(start) < DaemonLimits.TrafficDrain)
        {
            if (view.Look()?.Paths.Forwarded is { } now && now != passed)
                (passed, quietSince) = (now, time.GetTimestamp());
            await Task.Delay(DaemonLimits.TrafficLook, time, cancellation);
        }
    }

    private static void StopOnFault<TOptions>(DaemonContext<TOptions> context, Task work, string name)
        where TOptions : class =>
        _ = work.ContinueWith(
            ended => context.Stop(new DaemonException($"The {name} failed: {ended.Exception!.GetBaseException().Message}", ExitCodes.Fault, ended.Exception)),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);

    /// <summary>Waits until a membership is known. A node that gets none for long stands without, and says so: whom it knows later, it links with.</summary>
    private async Task StandAsync(TimeProvider time, CancellationToken cancellation)
    {
        var stands = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Control.Received += _ => Look();
        Control.Say(_ => Look());
        try
        {
            await stands.Task.WaitAsync(DaemonLimits.FirstMembership, time, cancellation);
        }
        catch (TimeoutException)
        {
            DaemonLog.NotReadyYet(_log);
        }

        void Look()
        {
            if (Membership.Version != MembershipVersion.None)
                stands.TrySetResult();
        }
    }
}
