using Microsoft.Extensions.Logging;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Hosting.Configuration;
using WeCan.Hosting.Daemon;
using WeCan.Runtime.Daemons;

namespace WeCan.Edge.Dev;

/// <summary>
/// The controller of a developer's desk, in the edge's own process: the same as any network's, with its folder beside the
/// edge's. It is made at the first start, and is there again at the next. This is the one place where an edge knows a controller.
/// </summary>
internal sealed class DeskController : IAsyncDisposable
{
    private readonly ControllerService _service;

    private DeskController(ControllerService service, OverlaySettings overlay) => (_service, Overlay) = (service, overlay);

    /// <summary>The edge's settings, with the folder, the controller and the token that are its own here.</summary>
    public OverlaySettings Overlay { get; }

    public static async Task<DeskController> StartAsync(DaemonContext<EdgeSettings> context, CancellationToken cancellation)
    {
        var settings = context.Options;
        var folder = new DataFolder(Path.Combine(settings.Overlay.Data, "controller"));
        try
        {
            if (!folder.HasNetwork)
                NetworkInit.Run(folder, "desk", "desk", context.Time.GetUtcNow());
            var service = await ControllerService.StartAsync(
                new() { Data = folder.Path, Listen = settings.DeskListen, Id = "desk", Controllers = [] },
                context.Time,
                context.Loggers,
                context.AddLoop("controller"),
                failure => context.Stop(failure as DaemonException ?? new DaemonException($"The desk's controller failed: {failure.Message}", ExitCodes.Fault, failure)),
                cancellation);
            DeskLog.Stands(context.Loggers.CreateLogger("desk"), service.Address.ToString(), settings.Overlay.Data, folder.Path, service.Address.ToString());
            var overlay = settings.Node with
            {
                Controllers = [service.Address.ToString()],
                Token = new Secret(await TokenAsync(folder, cancellation)),
            };
            return new(service, overlay);
        }
        catch (StoreException busy) when (busy.IsInUse)
        {
            throw new DaemonException($"Another wecan-edge --dev works in {settings.Overlay.Data}: stop that, or name another folder with --data.", ExitCodes.Unavailable, busy);
        }
        catch (StoreException problem)
        {
            throw new DaemonException(problem.Message, problem.ExitCode, problem);
        }
        catch (DaemonException taken) when (taken.ExitCode == ExitCodes.Unavailable && taken.InnerException is { } cause)
        {
            throw DaemonFailure.Listening("dev_listen", settings.DeskListen, cause);
        }
    }

    /// <summary>Says goodbye to every node, this one last, and ends.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await _service.DrainAsync(cancellation);
        await DisposeAsync();
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    /// <summary>A token for the edge itself, which it uses at its first start, or after its certificate has ended.</summary>
    private static async Task<string> TokenAsync(DataFolder folder, CancellationToken cancellation)
    {
        var answer = await AdminClient.RunAsync(folder, new("token create", new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = "edge", ["name"] = "desk", ["valid_seconds"] = "600" }), cancellation);
        return answer.IsDone ? answer.Text : throw new DaemonException($"The desk's controller gives no token: {answer.Text}", ExitCodes.Fault);
    }
}
