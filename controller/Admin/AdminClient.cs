using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Controller.Authority;
using WeCan.Controller.Core;
using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Admin;

/// <summary>The operator's end: asks the controller that runs, and where none runs does the command by itself.</summary>
internal static class AdminClient
{
    public static async Task<AdminAnswer> RunAsync(DataFolder folder, AdminRequest request, CancellationToken cancellation)
    {
        folder.RequireNetwork();
        try
        {
            return await AskAsync(folder.AdminSocket, request, cancellation);
        }
        catch (HttpRequestException failure) when (failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable } or FileNotFoundException || !File.Exists(folder.AdminSocket))
        {
            return await DoAsync(folder, request, cancellation);
        }
        catch (HttpRequestException failure) when (failure.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw new DaemonException($"{Environment.UserName} may not ask the controller that runs: use the user that it runs as.", ExitCodes.NoPermission, failure);
        }
    }

    private static async Task<AdminAnswer> AskAsync(string socketPath, AdminRequest request, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        using var http = new HttpClient(handler);
        using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, AdminJson.Default.AdminRequest));
        using var response = await http.PostAsync(new Uri("http://controller/v1/admin"), body, cancellation);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellation), AdminJson.Default.AdminAnswer)
            ?? throw new DaemonException("The controller that runs gave no answer: look at its log.", ExitCodes.Unavailable);
    }

    private static async Task<AdminAnswer> DoAsync(DataFolder folder, AdminRequest request, CancellationToken cancellation)
    {
        using var store = SqliteStore.Open(folder.Store);
        using var authority = NetworkAuthority.Open(folder, TimeProvider.System);
        var office = new AuthorityOffice(authority, TimeProvider.System);
        var loop = ControllerLoop.Leading(store, new(), office.ToOffice(), TimeProvider.System, NullLogger.Instance);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = loop.RunAsync(null, ends.Token);
        var desk = new AdminDesk(loop, authority, NullLogger.Instance);
        var answer = await desk.RunAsync(request, cancellation);
        await ends.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer;
    }
}
