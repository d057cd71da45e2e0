using Microsoft.Extensions.Logging;
using WeCan.Edge.Bus;
using WeCan.Edge.Dev;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Commands;
using WeCan.Hosting.Daemon;
using WeCan.Runtime.Daemons;
using WeCan.Runtime.Local;

namespace WeCan.Edge;

/// <summary>
/// What wecan-edge is: a node that gives access to the network. What lives on its node is put together here: each part is an
/// IOverlayHost of the plan, and adds what it must let go of to the drain after the overlay has started.
/// </summary>
internal static class EdgeDaemon
{
    public static DaemonDefinition<EdgeSettings> Definition { get; } = new()
    {
        Name = "wecan-edge",
        About = "Gives access to a WeCan network.",
        Options = EdgeSettings.Read,
        Start = StartAsync,
        Commands = [NodeEnrolment.Command<EdgeSettings>(settings => settings.Overlay), .. NodeCommands.All<EdgeSettings>(settings => settings.LocalClient), TunnelCommands.Tunnel()],
        MetricsPort = 9_461,
    };

    private static async Task StartAsync(DaemonContext<EdgeSettings> context, CancellationToken cancellation)
    {
        var controller = context.Options.IsDesk ? await DeskController.StartAsync(context, cancellation) : null;
        var names = new MemberNames();
        var tunnelLog = context.Loggers.CreateLogger("tunnels");
        var tunnels = new EdgeTunnels(names.Find, tunnelLog) { Named = names.Named };
        var bus = new EdgeBus(context.Time, context.Loggers.CreateLogger("bus"));
        var plan = new OverlayPlan
        {
            Settings = controller?.Overlay ?? context.Options.Overlay,
            Hosts = [tunnels, bus.Gateway, bus.Web.Gateway, bus.Between],
            Sockets = tunnels.Sockets,
            ClientTokens = bus.Tokens,
            Access = bus.Access.UseSaid,
        };
        var overlay = await OverlayDaemon.StartAsync(context, plan, cancellation);
        context.OnReload((_, settings) => overlay.Apply(settings.Overlay));
        names.Follow(overlay, context.Time);
        var desk = new TunnelDesk(tunnels, overlay, new(plan.Settings.Data, tunnelLog));
        new TunnelService(tunnels, names, overlay.Driver, desk).Start(context);
        bus.Start(context, overlay);
        context.OnDrain("links", overlay.EndAsync);
        if (controller is not null)
            context.OnDrain("controller", controller.EndAsync);
    }
}
