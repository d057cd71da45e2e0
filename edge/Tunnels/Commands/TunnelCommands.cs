using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;
using WeCan.Runtime.Local;

namespace WeCan.Edge.Tunnels.Commands;

/// <summary>The command "tunnel": adds, removes and lists the tunnels that begin at the edge that runs here.</summary>
internal static class TunnelCommands
{
    private const string Question = "/v1/tunnels";

    public static DaemonCommand<EdgeSettings> Tunnel() =>
        DaemonCommand<EdgeSettings>.Group(new("tunnel", "Tunnels that begin at the edge that runs here: a TCP or UDP port whose traffic leaves at another edge."), Add(), List(), Remove());

    private static DaemonCommand<EdgeSettings> Add()
    {
        var listen = new Argument<string>("LISTEN") { Description = $"The port of this machine where it begins, as \"{TunnelKinds.Listen.Example}\" or \"udp://127.0.0.1:5000\"." };
        var target = new Argument<string>("TARGET") { Description = $"Where its traffic goes from the exit, as \"{TunnelKinds.Target.Example}\"." };
        var exit = new Option<string>("--exit") { Description = "The edge where it ends, by number or name.", Required = true, HelpName = "EDGE" };
        var serviceClass = new Option<string?>("--class") { Description = "How TCP goes: bulk takes what others leave, signal goes before it [default: bulk]", HelpName = "CLASS" };
        var priority = new Option<string?>("--priority") { Description = "Among traffic of its class, 0 to 7; under overload the lowest goes first [default: 3]", HelpName = "N" };
        var deadline = new Option<string?>("--deadline") { Description = "How long a UDP datagram is worth something on its way [default: 200ms]", HelpName = "TIME" };
        var paths = new Option<string?>("--paths") { Description = "Over how many routes at once UDP goes, 1 or 2 [default: 1]", HelpName = "N" };
        return new(
            new("add", "Open a tunnel at once, and again after each restart until it is removed.") { listen, target, exit, serviceClass, priority, deadline, paths },
            async (settings, parse, cancellation) =>
            {
                var order = new TunnelOrder
                {
                    Listen = parse.GetRequiredValue(listen),
                    Target = parse.GetRequiredValue(target),
                    Exit = parse.GetRequiredValue(exit),
                    Class = parse.GetValue(serviceClass),
                    Priority = parse.GetValue(priority),
                    Deadline = parse.GetValue(deadline),
                    Paths = parse.GetValue(paths),
                };
                var reply = await settings.LocalClient.AskAsync(HttpMethod.Post, Question, JsonSerializer.SerializeToUtf8Bytes(order, TunnelJson.Default.TunnelOrder), cancellation);
                _ = reply.Read(TunnelJson.Default.TunnelsReport);
                await parse.InvocationConfiguration.Output.WriteLineAsync($"Tunnel {order.Listen} leads to {order.Target} by edge {order.Exit}.");
                return ExitCodes.Ok;
            });
    }

    private static DaemonCommand<EdgeSettings> List()
    {
        var json = NodeCommands.JsonOption();
        return new(new("list", "Show the tunnels of the configuration and of commands, whether they listen, and what passed through them.") { json }, async (settings, parse, cancellation) =>
        {
            var reply = await settings.LocalClient.AskAsync(HttpMethod.Get, Question, null, cancellation);
            return await NodeCommands.PrintAsync(parse, json, reply, TunnelJson.Default.TunnelsReport, Show);
        });
    }

    private static DaemonCommand<EdgeSettings> Remove()
    {
        var listen = new Argument<string>("LISTEN") { Description = "Where it begins, as the list shows it." };
        return new(new("remove", "Take back a tunnel that a command has added. Connections that stand go on.") { listen }, async (settings, parse, cancellation) =>
        {
            var at = parse.GetRequiredValue(listen);
            var reply = await settings.LocalClient.AskAsync(HttpMethod.Delete, $"{Question}?listen={Uri.EscapeDataString(at)}", null, cancellation);
            _ = reply.Read(TunnelJson.Default.TunnelsReport);
            await parse.InvocationConfiguration.Output.WriteLineAsync($"Tunnel {at} takes nothing new any more.");
            return ExitCodes.Ok;
        });
    }

    internal static string Show(TunnelsReport report)
    {
        if (report.Tunnels.Count == 0)
            return "No tunnel begins at this edge: \"wecan-edge tunnel add\" opens one.";
        var table = new TextTable().Left("listen").Left("target").Left("exit").Left("class").Left("from").Left("state").Right("open").Right("in").Right("out");
        foreach (var state in report.Tunnels)
        {
            var tunnel = state.Tunnel;
            table.Row(
                tunnel.Listen, tunnel.Target, tunnel.Exit, tunnel.Class ?? $"realtime {tunnel.Deadline}", state.From, state.IsListening ? "listens" : "does not listen",
                $"{state.Open}", Quantities.Bytes(state.BytesIn), Quantities.Bytes(state.BytesOut));
        }

        var text = new StringBuilder(table.ToString());
        foreach (var state in report.Tunnels.Where(state => !state.IsListening))
            text.Append($"\n{state.Tunnel.Listen}: {state.Trouble}");
        foreach (var state in report.Tunnels.Where(state => state.Refused > 0))
            text.Append(CultureInfo.InvariantCulture, $"\n{state.Tunnel.Listen}: {state.Refused} refused; the last, as {state.LastRefusal}");
        return text.ToString();
    }
}
