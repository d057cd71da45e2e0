using WeCan.Contracts.Control;
using WeCan.Hosting.Daemon;
using WeCan.Runtime.Daemons;
using WeCan.Runtime.Local;

namespace WeCan.Relay;

/// <summary>What wecan-relay is: a node that forwards packets between others and measures its links. Nothing lives on it.</summary>
internal static class RelayDaemon
{
    public static DaemonDefinition<OverlaySettings> Definition { get; } = new()
    {
        Name = "wecan-relay",
        About = "Forwards packets between the nodes of a WeCan network.",
        Options = read => OverlaySettings.Read(read, NodeRole.Relay),
        Start = StartAsync,
        Commands = [NodeEnrolment.Command<OverlaySettings>(settings => settings), .. NodeCommands.All<OverlaySettings>(settings => settings.LocalClient)],
        MetricsPort = 9_460,
    };

    private static async Task StartAsync(DaemonContext<OverlaySettings> context, CancellationToken cancellation)
    {
        var overlay = await OverlayDaemon.StartAsync(context, new() { Settings = context.Options }, cancellation);
        context.OnReload((_, settings) => overlay.Apply(settings));
        context.OnDrain("links", overlay.EndAsync);
    }
}
