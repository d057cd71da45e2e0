using System.Net;
using System.Net.Sockets;
using WeCan.Programs;

namespace WeCan.Controller.Tests.Service;

/// <summary>The controller's program, as a process that a test can kill.</summary>
internal sealed class ControllerProcess : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly RunningProgram _program;

    private ControllerProcess(RunningProgram program) => _program = program;

    /// <summary>Returns when it serves.</summary>
    public static async Task<ControllerProcess> StartAsync(string folder, IPEndPoint address)
    {
        var controller = RunningProgram.Start(ProjectPrograms.Daemon("wecan-controller", "--data", folder, "--listen", address.ToString(), "--metrics.enabled", "false"));
        await controller.LineAsync("test-net", Bound);
        return new(controller);
    }

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public void Kill() => _program.Kill();

    public void Dispose() => _program.Dispose();
}
