using WeCan.Contracts;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Hosting.Daemon;
using WeCan.Protocol.Nodes;
using WeCan.Runtime;

namespace WeCan.Edge.Tunnels;

/// <summary>
/// The tunnels in the life of a daemon: opened by its configuration, changed by a reload, let go of at the drain (nothing new at once,
/// what stands gets some seconds). A tunnel that cannot be opened is told in the log, and the others are opened.
/// </summary>
internal sealed class TunnelService(EdgeTunnels tunnels, MemberNames names, OverlayDriver driver)
{
    /// <summary>Connections that stand get so long at a drain.</summary>
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public void Start(DaemonContext<EdgeSettings> context)
    {
        tunnels.Attach(driver.PostAsync);
        var metrics = new TunnelMetrics(tunnels.Counters);
        Apply(context.Options.Tunnels);
        context.OnReload((_, after) => Apply(after.Tunnels));
        context.OnDrain("tunnels", async cancellation =>
        {
            await DrainAsync(context.Time, cancellation);
            names.Dispose();
            metrics.Dispose();
        });
    }

    private void Apply(TunnelSettings settings) => driver.Post((node, now) => tunnels.Apply(node, now, settings));

    private async Task DrainAsync(TimeProvider time, CancellationToken cancellation)
    {
        driver.Post((_, _) => tunnels.StopListening());
        var end = time.GetTimestamp();
        while (tunnels.Counters.ConnectionsOpen > 0 && time.GetElapsedTime(end) < LastWait && !cancellation.IsCancellationRequested)
            await Task.Delay(LookEvery, time, CancellationToken.None);
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var posted = driver.Post((node, now) => Abort(node, now, isOver));
        if (posted == PostResult.Accepted)
            await isOver.Task.WaitAsync(LookEvery * 2, time, CancellationToken.None).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private void Abort(Node node, MonoTime now, TaskCompletionSource isOver)
    {
        tunnels.AbortAll(node, now);
        isOver.SetResult();
    }
}
