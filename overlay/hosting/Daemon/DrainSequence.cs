using Microsoft.Extensions.Logging;

namespace WeCan.Hosting.Daemon;

/// <summary>What a daemon lets go of when it stops, in order and within one limit. A step that fails does not keep the next from its turn; one that does not end is left behind.</summary>
internal sealed class DrainSequence
{
    private readonly List<(string Name, Func<CancellationToken, Task> Drain)> _steps = [];

    public void Add(string name, Func<CancellationToken, Task> drain)
    {
        lock (_steps)
            _steps.Add((name, drain));
    }

    /// <summary>Whether every step ended well in time.</summary>
    /// <param name="time">The clock that the limit is measured by.</param>
    /// <param name="log">Told what went wrong.</param>
    /// <param name="hurry">Ends the drain at once.</param>
    public async Task<bool> RunAsync(TimeProvider time, ILogger log, CancellationToken hurry)
    {
        (string Name, Func<CancellationToken, Task> Drain)[] steps;
        lock (_steps)
            steps = [.. _steps];
        using var limit = new CancellationTokenSource(HostingLimits.Drain, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, hurry);
        var allWell = true;
        for (var i = 0; i < steps.Length; i++)
        {
            try
            {
                await Task.Run(() => steps[i].Drain(end.Token), CancellationToken.None).WaitAsync(end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                DaemonLog.DrainCut(log, steps[i].Name, hurry.IsCancellationRequested ? "was asked again to stop" : $"had {HostingLimits.Drain.TotalSeconds:0} s", steps.Length - i - 1);
                return false;
            }
            catch (Exception failure)
            {
                DaemonLog.DrainStepFailed(log, steps[i].Name, failure.Message, failure);
                allWell = false;
            }
        }

        return allWell;
    }
}
