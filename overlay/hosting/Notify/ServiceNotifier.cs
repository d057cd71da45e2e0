using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace WeCan.Hosting.Notify;

/// <summary>
/// Tells systemd what a service does, by the protocol of sd_notify: one datagram of lines NAME=VALUE to the socket that
/// NOTIFY_SOCKET names, a path or (with "@") a name in Linux' abstract space. Without that variable, or where the socket
/// cannot be reached, every call does nothing: what a daemon does never depends on who watches it. Safe from any thread.
/// </summary>
public sealed class ServiceNotifier : IDisposable
{
    private readonly Socket? _socket;

    public ServiceNotifier(IReadOnlyDictionary<string, string> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (variables.TryGetValue("NOTIFY_SOCKET", out var address))
            _socket = Connect(address);
        if (_socket is not null)
            WatchdogInterval = WatchdogOf(variables);
    }

    /// <summary>Whether there is somebody to tell.</summary>
    public bool IsConnected => _socket is not null;

    /// <summary>How long systemd waits between two signs of life before it kills the service; zero if it does not wait for any.</summary>
    public TimeSpan WatchdogInterval { get; }

    /// <summary>The service stands, or has reloaded.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}");

    /// <summary>One line for `systemctl status`.</summary>
    public void Status(string status) => Send($"STATUS={OneLine(status)}");

    /// <summary>A reload begins; <see cref="Ready"/> ends it. The time is what tells systemd this reload from the one before.</summary>
    public void Reloading() => Send($"RELOADING=1\nMONOTONIC_USEC={MonotonicMicroseconds().ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The service begins to stop and asks for that much time.</summary>
    public void Stopping(string status, TimeSpan within) =>
        Send($"STOPPING=1\nSTATUS={OneLine(status)}\nEXTEND_TIMEOUT_USEC={((long)within.TotalMicroseconds).ToString(CultureInfo.InvariantCulture)}");

    /// <summary>A sign of life.</summary>
    public void Alive() => Send("WATCHDOG=1");

    public void Dispose() => _socket?.Dispose();

    // On Linux the stopwatch is CLOCK_MONOTONIC, the clock that systemd asks for.
    internal static long MonotonicMicroseconds() => (long)((Int128)Stopwatch.GetTimestamp() * 1_000_000 / Stopwatch.Frequency);

    private void Send(string message)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // Whoever listened is gone, or its queue is full. The next sign of life may reach it.
        }
        catch (ObjectDisposedException)
        {
            // The process ends; the last line loses the race.
        }
    }

    private static Socket? Connect(string address)
    {
        if (address.Length < 2 || (address[0] != '/' && address[0] != '@'))
            return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address));
            return socket;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            socket.Dispose();
            return null;
        }
    }

    // The interval is meant for this process only if WATCHDOG_PID says so or is absent.
    private static TimeSpan WatchdogOf(IReadOnlyDictionary<string, string> variables)
    {
        if (!variables.TryGetValue("WATCHDOG_USEC", out var text) || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) || microseconds <= 0)
            return TimeSpan.Zero;
        if (variables.TryGetValue("WATCHDOG_PID", out var pid) && pid != Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            return TimeSpan.Zero;
        return TimeSpan.FromMicroseconds(Math.Min(microseconds, TimeSpan.MaxValue.Ticks / 10));
    }

    private static string OneLine(string status)
    {
        var line = status.ReplaceLineEndings(" ");
        return line.Length <= HostingLimits.StatusCharacters ? line : line[..HostingLimits.StatusCharacters];
    }
}
