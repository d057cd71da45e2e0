using Microsoft.Extensions.Hosting;
using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Tests.Daemon;

internal sealed class FailingService : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.FromException(new DaemonException("The service failed: mend it.", ExitCodes.Io));
}
