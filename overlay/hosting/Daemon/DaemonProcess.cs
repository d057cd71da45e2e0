using System.Collections;
using System.Reflection;
using WeCan.Hosting.Logging;

namespace WeCan.Hosting.Daemon;

/// <summary>What a daemon has of the process that it runs in; tests put their own in its place.</summary>
internal sealed record DaemonProcess
{
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public required DaemonSignals Signals { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string Version { get; init; } = "0";

    /// <summary>What standard error is, as the kernel names it.</summary>
    public string? ErrorTarget { get; init; }

    public static DaemonProcess Current() => new()
    {
        Variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal),
        Output = Console.Out,
        Error = Console.Error,
        Signals = new DaemonSignals(ofProcess: true),
        Version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0",
        ErrorTarget = JournalStream.StandardError(),
    };
}
