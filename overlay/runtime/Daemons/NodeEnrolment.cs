using System.CommandLine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Contracts;
using WeCan.Hosting.Daemon;
using WeCan.Runtime.Control;

namespace WeCan.Runtime.Daemons;

/// <summary>How a daemon's node gets into its network: by the command "enrol", or at the start with the token of its configuration.</summary>
public static class NodeEnrolment
{
    /// <summary>The command waits for a controller so long: a person looks on.</summary>
    private static readonly TimeSpan PatienceOfCommand = TimeSpan.FromSeconds(5);

    /// <summary>A daemon waits longer, as machines that start together wait for each other.</summary>
    private static readonly TimeSpan PatienceOfDaemon = TimeSpan.FromSeconds(30);

    public static DaemonCommand<TOptions> Command<TOptions>(Func<TOptions, OverlaySettings> settingsOf)
        where TOptions : class
    {
        var token = new Option<string>("--token") { Description = "The token. Unless given, it comes from the configuration, or from a line on standard input.", HelpName = "TOKEN" };
        return new(new("enrol", "Let this node into its network, once, and end.") { token }, async (options, parse, cancellation) =>
        {
            var settings = settingsOf(options);
            var line = parse.GetValue(token) ?? settings.Token?.Reveal() ?? await Console.In.ReadLineAsync(cancellation) ?? "";
            using var folder = NodeFolder.Open(settings.Data);
            var record = await EnrolAsync(folder, settings, line.Trim(), PatienceOfCommand, TimeProvider.System, NullLogger.Instance, cancellation);
            await parse.InvocationConfiguration.Output.WriteLineAsync($"Enrolled as node {record.Number.Value} of network {record.Network}.");
            return ExitCodes.Ok;
        });
    }

    /// <summary>Who this node is. One that is in no network yet enrols with the token of its configuration; so does one whose certificate has ended.</summary>
    internal static async Task<NodeRecord> AtStartAsync(NodeFolder folder, OverlaySettings settings, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        if (folder.IsEnrolled && !(settings.Token is not null && HasEnded(folder, time)))
        {
            var record = folder.LoadRecord();
            return record.Role == settings.Role ? record : throw new DaemonException($"The folder {folder.Path} is that of a node of the role {record.Role}, not {settings.Role}: name another at \"data\".", ExitCodes.Config);
        }

        if (settings.Token is null)
            throw new DaemonException($"This node is in no network yet: get a token with \"wecan-controller token create --role {Word(settings.Role)}\", and run \"wecan-{Word(settings.Role)} enrol\" or write it at \"token\".", ExitCodes.Config);
        return await EnrolAsync(folder, settings, settings.Token.Reveal().Trim(), PatienceOfDaemon, time, log, cancellation);
    }

    private static Task<NodeRecord> EnrolAsync(NodeFolder folder, OverlaySettings settings, string token, TimeSpan patience, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var order = new EnrolmentOrder
        {
            Token = token,
            Role = settings.Role,
            Controllers = settings.Controllers,
            Addresses = [.. settings.Advertise.Select(NetAddress.FromEndPoint)],
            Patience = patience,
        };
        return new EnrolmentClient(folder, order, time, log).RunAsync(cancellation);
    }

    private static bool HasEnded(NodeFolder folder, TimeProvider time)
    {
        using var certificate = folder.LoadCertificate();
        return certificate.NotAfter.ToUniversalTime() <= (time.GetUtcNow() + folder.LoadRecord().ClockDifference.ToTimeSpan()).UtcDateTime;
    }

    private static string Word(Contracts.Control.NodeRole role) => role == Contracts.Control.NodeRole.Edge ? "edge" : "relay";
}
