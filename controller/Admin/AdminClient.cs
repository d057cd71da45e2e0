using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Controller.Authority;
using WeCan.Controller.Core;
using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Admin;

/// <summary>The operator's end: asks the controller that runs, and where none runs does the command by itself.</summary>
internal static class AdminClient
{
    public const string Question = "/v1/commands";

    /// <summary>A backup copies the whole store.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    public static async Task<AdminAnswer> RunAsync(DataFolder folder, AdminRequest request, CancellationToken cancellation)
    {
        folder.RequireNetwork();
        var asked = JsonSerializer.SerializeToUtf8Bytes(request, AdminJson.Default.AdminRequest);
        return await new LocalClient(folder.AdminSocket, "wecan-controller").TryAskAsync(HttpMethod.Post, Question, asked, Bound, cancellation) is { } reply
            ? reply.Refusal is { } refusal ? new(false, refusal.Error) { IsStore = refusal.Code == ExitCodes.Io } : reply.Read(AdminJson.Default.AdminAnswer)
            : await DoAsync(folder, request, cancellation);
    }

    private static async Task<AdminAnswer> DoAsync(DataFolder folder, AdminRequest request, CancellationToken cancellation)
    {
        if (AdminCommands.NeedsController(request.Command))
            return new(false, "No controller runs here, and what nodes report is kept by none: start wecan-controller. Nodes go on meanwhile by the routes that they were last told.") { NeedsController = true };
        using var access = StoreAccess.Open(folder);
        using var authority = NetworkAuthority.Open(folder, TimeProvider.System);
        var office = new AuthorityOffice(authority, TimeProvider.System);
        using var loop = ControllerLoop.Leading(access.Store, new(), office.ToOffice(), TimeProvider.System, NullLogger.Instance);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = loop.RunAsync(null, ends.Token);
        var desk = new AdminDesk(loop, authority, NullLogger.Instance) { Runs = false };
        var answer = await desk.RunAsync(request, $"{Environment.UserName}, with no controller running", cancellation);
        await ends.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer;
    }
}
