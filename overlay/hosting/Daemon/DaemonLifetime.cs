using Microsoft.Extensions.Hosting;

namespace WeCan.Hosting.Daemon;

/// <summary>The host's own lifetime does nothing: signals come by <see cref="DaemonSignals"/>, in place of the console's.</summary>
internal sealed class DaemonLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
