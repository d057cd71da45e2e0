using System.Globalization;
using WeCan.Contracts;
using WeCan.Edge.Tunnels.Policy;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Hosting.Configuration;

namespace WeCan.Edge.Tunnels.Commands;

/// <summary>A tunnel as a command asks for it, and as the disk keeps it: each value as the configuration has it, null for what it has by itself.</summary>
internal sealed record TunnelOrder
{
    public string Listen { get; init; } = "";

    public string Target { get; init; } = "";

    public string Exit { get; init; } = "";

    public string? Class { get; init; }

    public string? Priority { get; init; }

    public string? Deadline { get; init; }

    public string? Paths { get; init; }

    public static TunnelOrder Of(TunnelEntrance tunnel)
    {
        var isTcp = tunnel.Listen.Protocol == TunnelProtocol.Tcp;
        return new()
        {
            Listen = tunnel.Listen.ToString(),
            Target = tunnel.Target.ToString(),
            Exit = tunnel.Exit.ToString(),
            Class = isTcp ? tunnel.Class == ServiceClass.Signal ? "signal" : "bulk" : null,
            Priority = tunnel.Priority.ToString(CultureInfo.InvariantCulture),
            Deadline = isTcp ? null : TunnelKinds.Deadline.Format(tunnel.Deadline.ToTimeSpan()),
            Paths = isTcp ? null : tunnel.Paths.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Null, or a sentence about what is wrong.</summary>
    public string? TryRead(out TunnelEntrance tunnel)
    {
        tunnel = null!;
        var wrong = TunnelKinds.Listen.TryParse(Listen, out var listen) is { } ofListen ? $"\"{Listen}\" is no place to listen: {ofListen}."
            : TunnelKinds.Target.TryParse(Target, out _) is { } ofTarget ? $"\"{Target}\" is no target: {ofTarget}."
            : TunnelKinds.Exit.TryParse(Exit, out _) is { } ofExit ? $"\"{Exit}\" is no exit: {ofExit}."
            : listen.At.Port == 0 ? $"{listen} has no port: write the one to listen at."
            : listen.Protocol == TunnelProtocol.Udp ? WrongOfUdp() : WrongOfTcp();
        if (wrong is not null)
            return wrong;
        _ = TunnelKinds.Target.TryParse(Target, out var target);
        _ = TunnelKinds.Exit.TryParse(Exit, out var exit);
        var (priority, deadline, paths) = ((long)TunnelEntrance.DefaultPriority, TunnelEntrance.DefaultDeadline, 1L);
        wrong = Wrong(TunnelKinds.Priority, Priority, "priority", ref priority) ?? Wrong(TunnelKinds.Deadline, Deadline, "deadline", ref deadline) ?? Wrong(TunnelKinds.Paths, Paths, "number of paths", ref paths);
        if (wrong is not null)
            return wrong;
        tunnel = new()
        {
            Listen = listen,
            Exit = exit,
            Target = target,
            Class = Class == "signal" ? ServiceClass.Signal : ServiceClass.Bulk,
            Priority = (byte)priority,
            Deadline = new(deadline.Ticks * 100),
            Paths = (int)paths,
        };
        return null;
    }

    private string? WrongOfUdp() => Class is null ? null : "A class is for TCP: leave it out, UDP goes as Realtime.";

    private string? WrongOfTcp() =>
        Deadline is not null || Paths is not null ? "A deadline and paths are for UDP: leave them out, TCP loses nothing."
        : Class is not null && TunnelKinds.Class.TryParse(Class, out _) is { } ofClass ? $"\"{Class}\" is no class: {ofClass}."
        : null;

    private static string? Wrong<T>(ValueKind<T> kind, string? text, string name, ref T value)
    {
        if (text is null)
            return null;
        if (kind.TryParse(text, out var read) is { } wrong)
            return $"\"{text}\" is no {name}: {wrong}.";
        value = read;
        return null;
    }
}
