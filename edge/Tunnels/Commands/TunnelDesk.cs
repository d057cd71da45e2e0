using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Http;
using WeCan.Hosting.Local;
using WeCan.Runtime;
using WeCan.Runtime.Daemons;
using WeCan.Runtime.Local;

namespace WeCan.Edge.Tunnels.Commands;

/// <summary>
/// Adds, removes and lists tunnels by command, one after the other. What is added listens before it is kept, and is kept before the command
/// is answered; what is removed is off the disk before it is closed. So a command that was answered outlives a crash, and one that was
/// refused has changed nothing.
/// </summary>
internal sealed class TunnelDesk(EdgeTunnels tunnels, OverlayDaemon overlay, TunnelFile file)
{
    private const string Question = "/v1/tunnels";

    private readonly SemaphoreSlim _turn = new(1);
    private List<TunnelEntrance> _kept = [];

    /// <summary>Begins with what the disk has, and answers commands from then on.</summary>
    public void Start()
    {
        _kept = [.. file.Load()];
        overlay.Driver.Post((node, now) => tunnels.Restore(node, now, _kept));
        overlay.Local.Add("GET", Question, (_, cancellation) => ListAsync(cancellation));
        overlay.Local.Add("POST", Question, TunnelJson.Default.TunnelOrder, (order, cancellation) => InTurnAsync(() => AddAsync(order, cancellation), cancellation));
        overlay.Local.Add("DELETE", Question, (question, cancellation) => InTurnAsync(() => RemoveAsync(question.Query("listen"), cancellation), cancellation));
    }

    private async Task<LocalAnswer> InTurnAsync(Func<Task<LocalAnswer>> act, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await act();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<LocalAnswer> AddAsync(TunnelOrder order, CancellationToken cancellation)
    {
        if (order.TryRead(out var tunnel) is { } wrong)
            return LocalAnswer.Refused(HttpStatus.BadRequest, ExitCodes.Usage, wrong);
        if (WrongOfExit(tunnel) is { } ofExit)
            return ofExit;
        if (_kept.Exists(known => known.Listen == tunnel.Listen))
            return LocalAnswer.Refused(HttpStatus.Conflict, ExitCodes.Usage, $"There is a tunnel at {tunnel.Listen} already: \"wecan-edge tunnel remove {tunnel.Listen}\" takes it back.");
        if (_kept.Count >= TunnelLimits.MaxTunnels)
            return LocalAnswer.Refused(HttpStatus.Conflict, ExitCodes.Usage, $"There are {TunnelLimits.MaxTunnels} tunnels by command already, and room for no more: remove one.");
        if (await OpenAsync(tunnel, cancellation) is { } refused)
            return refused;
        if (TryKeep([.. _kept, tunnel]) is not { } failure)
            return await ListAsync(cancellation);
        overlay.Driver.Post((node, now) => tunnels.Remove(node, now, tunnel.Listen));
        return failure;
    }

    private async Task<LocalAnswer> RemoveAsync(string text, CancellationToken cancellation)
    {
        if (TunnelKinds.Listen.TryParse(text, out var listen) is { } wrong)
            return LocalAnswer.Refused(HttpStatus.BadRequest, ExitCodes.Usage, $"\"{text}\" is no place to listen: {wrong}.");
        if (!_kept.Exists(known => known.Listen == listen))
        {
            return await LoopQuestion.AskAsync(overlay.Driver, (_, _) => IsConfigured(listen), cancellation)
                ? LocalAnswer.Refused(HttpStatus.Conflict, ExitCodes.Usage, $"The tunnel at {listen} is one of the configuration: take it out of \"tunnels\" there, and reload (`systemctl reload wecan-edge`).")
                : LocalAnswer.Refused(HttpStatus.NotFound, ExitCodes.Usage, $"There is no tunnel at {listen}: \"wecan-edge tunnel list\" shows them.");
        }

        if (TryKeep([.. _kept.Where(known => known.Listen != listen)]) is { } failure)
            return failure;
        await LoopQuestion.AskAsync(
            overlay.Driver,
            (node, now) =>
            {
                tunnels.Remove(node, now, listen);
                return true;
            },
            cancellation);
        return await ListAsync(cancellation);
    }

    private async Task<LocalAnswer> ListAsync(CancellationToken cancellation)
    {
        var states = await LoopQuestion.AskAsync(overlay.Driver, (_, _) => tunnels.Listeners.Select(StateOf).ToList(), cancellation);
        return LocalAnswer.Done(new(states), TunnelJson.Default.TunnelsReport);
    }

    /// <summary>Null when it listens.</summary>
    private async Task<LocalAnswer?> OpenAsync(TunnelEntrance tunnel, CancellationToken cancellation)
    {
        try
        {
            return await LoopQuestion.AskAsync(
                overlay.Driver,
                (node, now) => IsConfigured(tunnel.Listen)
                    ? LocalAnswer.Refused(HttpStatus.Conflict, ExitCodes.Usage, $"The configuration has a tunnel at {tunnel.Listen} already: choose another port, or take it out of the configuration and reload.")
                    : tunnels.Add(node, now, tunnel) is { } trouble ? LocalAnswer.Refused(HttpStatus.Conflict, ExitCodes.Unavailable, trouble) : null,
                cancellation);
        }
        catch (Exception given) when (given is TimeoutException or OperationCanceledException)
        {
            // Nobody waits for it any more, and it is not kept: if the loop opens it yet, it closes it next.
            overlay.Driver.Post((node, now) => tunnels.Remove(node, now, tunnel.Listen));
            throw;
        }
    }

    /// <summary>Null when it is on the disk.</summary>
    private LocalAnswer? TryKeep(List<TunnelEntrance> kept)
    {
        try
        {
            file.Save(kept);
            _kept = kept;
            return null;
        }
        catch (DaemonException failure)
        {
            return LocalAnswer.Refused(HttpStatus.InsufficientStorage, failure.ExitCode, failure.Message);
        }
    }

    /// <summary>On the loop.</summary>
    private bool IsConfigured(TunnelListen listen) => tunnels.Listeners.Any(listener => listener.Origin == TunnelOrigin.Configuration && listener.Collides(listen));

    /// <summary>A name with a typing error would open a tunnel that leads nowhere.</summary>
    private LocalAnswer? WrongOfExit(TunnelEntrance tunnel)
    {
        var edges = overlay.Ask(membership => membership.Members.Where(member => member.Role == NodeRole.Edge && membership.Find(member.Number) is not null).Select(member => (member.Number, member.Name)).ToList());
        var exit = tunnel.Exit.Resolve(name => edges.Where(edge => edge.Name == name).Select(edge => edge.Number).Order().FirstOrDefault());
        if (exit == overlay.Record.Number)
            return LocalAnswer.Refused(HttpStatus.BadRequest, ExitCodes.Usage, $"Edge {tunnel.Exit} is this one: a tunnel ends at another edge.");
        if (edges.Exists(edge => edge.Number == exit))
            return null;
        var others = edges.Where(edge => edge.Number != overlay.Record.Number).OrderBy(edge => edge.Number).Select(edge => edge.Name.Length > 0 ? edge.Name : $"{edge.Number.Value}").ToList();
        var there = others.Count == 0 ? "there is no other edge" : $"the others are {string.Join(", ", others.Take(TunnelLimits.EdgesTold))}{(others.Count > TunnelLimits.EdgesTold ? $" and {others.Count - TunnelLimits.EdgesTold} more" : "")}";
        return LocalAnswer.Refused(HttpStatus.NotFound, ExitCodes.Usage, $"No edge of the network is called \"{tunnel.Exit}\": {there}.");
    }

    private static TunnelState StateOf(TunnelListener listener) => new()
    {
        Tunnel = TunnelOrder.Of(listener.Tunnel),
        From = listener.Origin == TunnelOrigin.Command ? "command" : "configuration",
        IsListening = listener.Socket is not null,
        Trouble = listener.Trouble,
        Open = listener.Open,
        BytesIn = listener.Traffic.BytesIn,
        BytesOut = listener.Traffic.BytesOut,
        Refused = listener.Traffic.Refused,
        LastRefusal = listener.Traffic.Refused > 0 ? RefusalReasons.Sentence(listener.Traffic.LastRefusal) : "",
    };
}
