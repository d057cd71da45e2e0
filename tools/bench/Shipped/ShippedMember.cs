using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Protocol.Crypto;
using WeCan.Runtime;
using WeCan.Runtime.Control;
using WeCan.Runtime.Membership;

namespace WeCan.Bench.Shipped;

/// <summary>A member of a network that lives in the bench's own process: enrolled by a token, and with a control session from <see cref="Connect"/> on.</summary>
internal sealed class ShippedMember : IDisposable
{
    private static readonly TimeSpan EnrolPatience = TimeSpan.FromSeconds(20);

    private readonly NodeFolder _folder;
    private readonly string _controller;
    private readonly NodeClock _clock = new(TimeProvider.System, Duration.Zero);
    private MembershipReplica? _membership;

    private ShippedMember(NodeFolder folder, NodeRecord record, string controller) =>
        (_folder, Record, Key, _controller) = (folder, record, folder.OverlayKey(), controller);

    public NodeRecord Record { get; }

    public P256KeyPair Key { get; }

    public RouteReplica Routes { get; } = new();

    /// <summary>Null before <see cref="Connect"/>.</summary>
    public ControlClient? Control { get; private set; }

    public static async Task<ShippedMember> EnrolAsync(string path, string token, NodeRole role, string controller)
    {
        var folder = NodeFolder.Open(path);
        try
        {
            var order = new EnrolmentOrder { Token = token, Role = role, Controllers = [controller], Patience = EnrolPatience };
            var record = await new EnrolmentClient(folder, order, TimeProvider.System, NullLogger.Instance).RunAsync(CancellationToken.None);
            return new(folder, record, controller);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Opens the control session and keeps it; the members that the controller tells of become peers of the driver's node, where there is one.</summary>
    public void Connect(BootEpoch epoch, OverlayDriver? driver, Action<ControlClient>? prepare = null)
    {
        _membership = new(Record.Network, _clock.UnixNow);
        if (!OverlayKey.TryRead(Key.PublicKey.ToArray(), out var key))
            throw new InvalidOperationException("A key that was made is none.");

        // It has no addresses: only it calls others, so that links are those that are measured.
        var options = new ControlClientOptions { Epoch = epoch, Software = "wecan-bench", Controllers = [_controller] };
        Control = new(_folder, Record, options, _membership, Routes, _clock, key, TimeProvider.System, NullLogger.Instance);
        if (driver is not null)
            new MembershipFollower(Record.Number, _membership, _folder, _clock, TimeProvider.System, NullLogger.Instance, new()).Start(driver, Control);
        prepare?.Invoke(Control);
        Control.Start();
    }

    /// <summary>The first member of a role that the controller has told of, or null.</summary>
    public Member? FindFirst(NodeRole role)
    {
        Member? found = null;
        Control!.Say(_ => found = _membership!.Members.FirstOrDefault(member => member.Role == role && member.Number != Record.Number));
        return found;
    }

    public void Dispose()
    {
        Control?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Key.Dispose();
        _folder.Dispose();
    }
}
