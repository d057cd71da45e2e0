using WeCan.Contracts;
using WeCan.Edge.Tunnels.Commands;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Hosting.Daemon;
using WeCan.Protocol.Nodes;
using WeCan.Runtime;

namespace WeCan.Edge.Tunnels;

/// <summary>
/// The tunnels in the life of a daemon: opened by its configuration and by commands, changed by a reload, let go of at the drain (nothing
/// new at once, what stands gets some seconds). A tunnel that cannot be opened is told in the log, and the others are opened.
/// </summary>
internal sealed class TunnelService(EdgeTunnels tunnels, MemberNames names, OverlayDriver driver, TunnelDesk desk)
{
    /// <summary>Connections that stand get so long at a drain.</summary>
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(4);

    /// <summary>Then the loop gets so long to reset what is left.</summary>
    private static readonly TimeSpan AbortWait = TimeSpan.FromMilliseconds(100);

    public void Start(DaemonContext<EdgeSettings> context)
    {
        tunnels.Attach(driver.PostAsync);
        var metrics = new TunnelMetrics(tunnels.Counters);

        // What commands have added comes first: where the configuration names the same port, it is the one to be refused.
        desk.Start();
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
        await DoAsync(
            (_, _, done) =>
            {
                tunnels.StopListening();
                tunnels.WhenQuiet(done);
            },
            LastWait, time, cancellation);
        await DoAsync(
            (node, now, done) =>
            {
                tunnels.AbortAll(node, now);
                done();
            },
            AbortWait, time, CancellationToken.None);
    }

    /// <summary>Has the loop do something, and waits until it says that it is done, but no longer than this.</summary>
    private async Task DoAsync(Action<Node, MonoTime, Action> act, TimeSpan wait, TimeProvider time, CancellationToken cancellation)
    {
        var isDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (driver.Post((node, now) => act(node, now, () => isDone.TrySetResult())) == PostResult.Accepted)
            await isDone.Task.WaitAsync(wait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
