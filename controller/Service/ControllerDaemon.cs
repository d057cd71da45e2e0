using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Service;

/// <summary>What wecan-controller is, for the daemons' host to run.</summary>
internal static class ControllerDaemon
{
    public static DaemonDefinition<ControllerSettings> Definition { get; } = new()
    {
        Name = "wecan-controller",
        About = "Decides who is in a WeCan network, and tells its nodes.",
        Options = ControllerSettings.Read,
        Start = StartAsync,
        Commands = ControllerCommands.All,
        MetricsPort = 9_462,
    };

    private static async Task StartAsync(DaemonContext<ControllerSettings> context, CancellationToken cancellation)
    {
        try
        {
            var service = await ControllerService.StartAsync(
                context.Options, context.Time, context.Loggers, context.AddLoop("controller"), failure => context.Stop(Explain(failure)), cancellation);
            context.Status = () => service.Trouble.Length > 0 ? service.Trouble : $"{service.Status.Members} members, {service.Status.Sessions} connected";
            context.OnDrain("sessions", service.DrainAsync);
            var metrics = new ControllerMetrics(context.Metrics, service.Statistics, () => service.Status, service.History);
            context.OnDrain("listeners and store", async _ =>
            {
                metrics.Dispose();
                await service.DisposeAsync();
            });
        }
        catch (StoreException problem)
        {
            throw Explain(problem);
        }
    }

    private static DaemonException Explain(Exception failure) =>
        failure as DaemonException ?? (failure is StoreException problem ? new(problem.Message, problem.ExitCode, problem) : new($"The controller's loop failed: {failure.Message}", ExitCodes.Fault, failure));
}
