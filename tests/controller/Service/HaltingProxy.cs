using System.Net;
using System.Net.Sockets;

namespace WeCan.Controller.Tests.Service;

/// <summary>A way to a server over TCP that can stop carrying anything, without a word to either end, and go on later.</summary>
internal sealed class HaltingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ends = new();
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HaltingProxy(IPEndPoint server)
    {
        _server = server;
        _open.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public void Halt() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn() => _open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ends.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carried = new List<Task>();
        try
        {
            while (true)
                carried.Add(CarryAsync(await _listener.AcceptSocketAsync(_ends.Token)));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            try
            {
                await _open.Task.WaitAsync(_ends.Token);
                await far.ConnectAsync(_server, _ends.Token);
                await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException)
            {
                // The test is over, or the server.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16_384];
        try
        {
            while (await from.ReceiveAsync(buffer, SocketFlags.None, _ends.Token) is > 0 and var count)
            {
                await _open.Task.WaitAsync(_ends.Token);
                await to.SendAsync(buffer.AsMemory(0, count), SocketFlags.None, _ends.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One end has gone.
        }
    }
}
