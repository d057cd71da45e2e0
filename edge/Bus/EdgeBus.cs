using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Contracts.Control;
using WeCan.Edge.Bus.Between;
using WeCan.Edge.Bus.Gateway;
using WeCan.Edge.Bus.Web;
using WeCan.Hosting.Daemon;
using WeCan.Runtime;
using WeCan.Runtime.Daemons;

namespace WeCan.Edge.Bus;

/// <summary>
/// The bus in the life of an edge: who is let in by which keys, the controller's and those of a file that is read at the start and anew at each
/// reload, and the goodbye at the drain. A file of keys that cannot be read ends the start; at a reload the ones before stay.
/// </summary>
internal sealed class EdgeBus : IDisposable
{
    /// <summary>Clients get so long to hear that the edge stops.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    /// <summary>The membership is looked at so often for other edges.</summary>
    private static readonly TimeSpan MembershipLook = TimeSpan.FromMilliseconds(250);

    private readonly ILogger _log;
    private readonly BusMetrics _metrics;
    private readonly BusCore _core;
    private MembershipVersion _membership;
    private ITimer? _members;

    public EdgeBus(TimeProvider time, ILogger log)
    {
        _log = log;
        var core = _core = new(Seed());
        UnixTime Clock() => UnixTime.From(time.GetUtcNow());
        Tokens = new(Clock, core.Counters, log);
        Gateway = new(core, Tokens, Clock, log);
        Web = new(core, Tokens, Clock, log);
        Between = new(core, Seed());
        Access = new(Tokens, log);
        _metrics = new(core, Gateway);
    }

    public GatewayTokens Tokens { get; }

    public NativeGateway Gateway { get; }

    public EdgeWeb Web { get; }

    public EdgeAccess Access { get; }

    /// <summary>A host of the node like the gateway, and behind it: what clients ask for goes out after it was taken.</summary>
    public BusBetween Between { get; }

    public void Start(DaemonContext<EdgeSettings> context, OverlayDaemon overlay)
    {
        if (context.Options.Bus.Keys is { } file)
        {
            if (!TryRead(file, out var keys, out var problem))
                throw new DaemonException(problem, ExitCodes.Config);
            Use(overlay.Driver, keys, file);
        }

        BusLog.Address(_log, $"wecan://{overlay.Driver.LocalAddress}#{Base64Url.EncodeToString(overlay.PublicKey)}");
        var limits = context.Options.Bus.Limits;
        overlay.Driver.Post((_, _) => _core.Limits = limits);
        _members = context.Time.CreateTimer(_ => FollowMembership(overlay), null, TimeSpan.Zero, MembershipLook);
        Web.Start(context, overlay.Driver);
        context.OnReload((_, after) => Reload(overlay.Driver, after.Bus));
        context.OnDrain("clients", async cancellation =>
        {
            overlay.Driver.Post(Gateway.Drain);
            overlay.Driver.Post((_, now) => Web.Gateway.Drain(now));
            await Task.Delay(LastWords, context.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Web.DisposeAsync();
            Dispose();
        });
    }

    public void Dispose()
    {
        _members?.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Tells the loop which edges there are, when that has changed.</summary>
    private void FollowMembership(OverlayDaemon overlay)
    {
        var found = overlay.Ask(membership =>
        {
            if (membership.Version == _membership)
                return null;
            _membership = membership.Version;
            return membership.Members.Where(member => member is { Role: NodeRole.Edge, Edge: not null }).Select(member => member.Number).ToList();
        });
        var version = _membership.Number;
        if (found is not null)
            overlay.Driver.Post((node, now) => Between.SetMembership(node, now, version, found));
    }

    private static ulong Seed() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private void Reload(OverlayDriver driver, BusSettings settings)
    {
        driver.Post((_, _) => _core.Limits = settings.Limits);
        if (settings.Keys is not { } file)
            Access.UseFile(driver, []);
        else if (TryRead(file, out var keys, out var problem))
            Use(driver, keys, file);
        else
            BusLog.KeysNotRead(_log, problem);
    }

    private void Use(OverlayDriver driver, IReadOnlyList<TokenKey> keys, string file)
    {
        Access.UseFile(driver, keys);
        BusLog.Keys(_log, keys.Count, file);
    }

    private static bool TryRead(string file, out IReadOnlyList<TokenKey> keys, out string problem)
    {
        keys = [];
        try
        {
            return TokenKeyFile.TryRead(File.ReadAllText(file), out keys, out problem) || Name(file, ref problem);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = $"The keys of clients' tokens cannot be read from {file} (bus.keys): {failure.Message}";
            return false;
        }
    }

    private static bool Name(string file, ref string problem)
    {
        problem = $"The keys of clients' tokens in {file} (bus.keys) are none: {problem}";
        return false;
    }
}
