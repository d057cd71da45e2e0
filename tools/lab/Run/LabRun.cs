using System.Diagnostics;
using WeCan.Lab.Messages;
using WeCan.Lab.Options;

namespace WeCan.Lab.Run;

/// <summary>
/// One run from the first process to the last: starts the nodes, makes them each other's peers, warms them up, has the edges send for a while, waits for what is
/// still under way, and ends the processes whatever happened. Progress goes to whoever watches.
/// </summary>
internal sealed class LabRun(LabOptions options, IRunWatcher watcher) : IAsyncDisposable
{
    private static readonly TimeSpan LinkPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(100);

    private readonly List<NodeHandle> _nodes = [];
    private long _flowsStart;

    /// <summary>What the nodes had counted in the end. Cancelled, it stops sending and drains at once.</summary>
    /// <exception cref="LabException">The run could not be made; the message says why.</exception>
    public async Task<LabSnapshot> RunAsync(CancellationToken cancelled)
    {
        watcher.OnStarting(await StartNodesAsync());
        var snapshot = await WaitForLinksAsync(cancelled);
        await WarmUpAsync(cancelled);
        _flowsStart = Stopwatch.GetTimestamp();
        await OrderEdgesAsync(new() { Start = true });
        var end = TimeSpan.FromSeconds(options.Seconds);
        while (Stopwatch.GetElapsedTime(_flowsStart) < end && !cancelled.IsCancellationRequested)
        {
            snapshot = await ReportAsync();
            watcher.OnProgress(snapshot);
            await PauseAsync(Min(watcher.Interval, end - Stopwatch.GetElapsedTime(_flowsStart)), cancelled);
        }

        await OrderEdgesAsync(new() { Halt = true });
        return await DrainAsync();
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));

    private async Task<string[]> StartNodesAsync()
    {
        foreach (var name in LabPlan.NodeNames)
            _nodes.Add(NodeHandle.Start(name));
        var answers = await Task.WhenAll(_nodes.Select(node =>
            node.AskAsync(new() { Setup = new(node.Name, options.ScenarioText) }, LabLimits.StartBound)));
        var hellos = _nodes.Zip(answers).ToDictionary(pair => pair.First.Name, pair => pair.Second.Hello!, StringComparer.Ordinal);
        var start = LocalTime.Nanoseconds;
        await Task.WhenAll(_nodes.Select(node => node.OrderAsync(new() { Join = JoinOf(node.Name, hellos, start) })));
        return [.. hellos.Values.SelectMany(hello => hello.Notices)];
    }

    /// <summary>Edges call; the relay waits to be called.</summary>
    private static NodeJoin JoinOf(string name, Dictionary<string, NodeHello> hellos, long start)
    {
        var isEdge = LabPlan.IsEdge(name);
        var peers = LabPlan.Paths.Where(path => path.From == name)
            .Select(path => new PeerEntry(path.To, hellos[path.To].Address, hellos[path.To].Key, isEdge));
        return new([.. peers], isEdge ? [name, "r", LabPlan.Opposite(name)] : [], start);
    }

    private async Task<LabSnapshot> WaitForLinksAsync(CancellationToken cancelled)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var snapshot = await ReportAsync();
            if (snapshot.AllLinksStand || cancelled.IsCancellationRequested)
                return snapshot;
            if (Stopwatch.GetElapsedTime(start) > LabLimits.LinkBound)
            {
                var missing = LabPlan.Paths.Where(path => snapshot.Link(path.From, path.To) is null).Select(path => $"{path.From} → {path.To}");
                throw new LabException($"No link within {LabLimits.LinkBound.TotalSeconds:0} s: {string.Join(", ", missing)}. Nothing was sent.");
            }

            await PauseAsync(LinkPoll, cancelled);
        }
    }

    /// <summary>Sends for a moment what counts nowhere: a cold process compiles its packet path first, and this is no measurement of that.</summary>
    private async Task WarmUpAsync(CancellationToken cancelled)
    {
        await OrderEdgesAsync(new() { Start = true });
        await PauseAsync(LabLimits.WarmUp, cancelled);
        await OrderEdgesAsync(new() { Forget = true });

        // An answer means that the edges have forgotten, each before any of them starts anew.
        await ReportAsync();
    }

    private async Task<LabSnapshot> DrainAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var snapshot = await ReportAsync();
            watcher.OnProgress(snapshot);
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed > LabLimits.DrainBound || (snapshot.IsSignalDone && elapsed > LabLimits.RealtimeDrain))
                return snapshot;
            await Task.Delay(DrainPoll, CancellationToken.None);
        }
    }

    private async Task<LabSnapshot> ReportAsync()
    {
        var answers = await Task.WhenAll(_nodes.Select(node => node.AskAsync(new() { Report = true }, LabLimits.AnswerBound)));
        var seconds = _flowsStart == 0 ? 0 : Stopwatch.GetElapsedTime(_flowsStart).TotalSeconds;
        return new(seconds, _nodes.Zip(answers).ToDictionary(pair => pair.First.Name, pair => pair.Second.Report!, StringComparer.Ordinal));
    }

    private Task OrderEdgesAsync(NodeOrder order) =>
        Task.WhenAll(_nodes.Where(node => LabPlan.IsEdge(node.Name)).Select(node => node.OrderAsync(order)));

    private static async Task PauseAsync(TimeSpan time, CancellationToken cancelled)
    {
        if (time > TimeSpan.Zero)
            await Task.Delay(time, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
