using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WeCan.Controller.Tests.Service;

/// <summary>The controller's program, as a process that a test can kill.</summary>
internal sealed class ControllerProcess : IDisposable
{
    private readonly Process _process;

    private ControllerProcess(Process process) => _process = process;

    /// <summary>Returns when it serves.</summary>
    public static async Task<ControllerProcess> StartAsync(string folder, IPEndPoint address, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "wecan-controller.dll"), "--data", folder, "--listen", address.ToString(), "--metrics.enabled", "false"])
            start.ArgumentList.Add(argument);
        var controller = Process.Start(start)!;
        var told = new List<string>();
        while (await controller.StandardError.ReadLineAsync(cancellation) is { } line)
        {
            told.Add(line);
            if (line.Contains("test-net", StringComparison.Ordinal))
            {
                // What it says later is read and forgotten, so that it never waits for a reader.
                _ = controller.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellation);
                return new(controller);
            }
        }

        throw new InvalidOperationException($"The controller ended: {string.Join('\n', told)}");
    }

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public void Kill() => _process.Kill();

    public Task WaitForExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
