using System.Net;
using WeCan.Hosting.Metrics;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Impairment;
using WeCan.Runtime.Sockets;

namespace WeCan.Runtime;

/// <summary>What one driver needs to start. Checked by <see cref="OverlayDriver.Start"/>.</summary>
public sealed record OverlayDriverOptions
{
    public required NodeOptions Node { get; init; }

    /// <summary>Where to listen: [::] is every address of this machine, IPv4's too; port 0 is any free one.</summary>
    public IPEndPoint Bind { get; init; } = new(IPAddress.IPv6Any, 0);

    /// <summary>Commands of other threads that may wait for the loop; the next one's poster is told that the queue is full.</summary>
    public int CommandQueueLength { get; init; } = 4_096;

    /// <summary>Shown each turn of the loop, for who watches whether it turns; null where nobody does.</summary>
    public LoopPulse? Pulse { get; init; }

    /// <summary>Sockets of the host's own that the loop is to drive too; this driver's from now on. Null for none.</summary>
    public SocketSet? Sockets { get; init; }

    /// <summary>For labs: what is to be done to datagrams that leave. Null, as for every node that serves, does nothing to them.</summary>
    public ImpairmentPlan? Impairment { get; init; }

    /// <summary>For labs: puts a stage before the socket. Null sends straight.</summary>
    public Func<IDatagramEgress, IDatagramEgress>? WrapEgress { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Node);
        ArgumentNullException.ThrowIfNull(Bind);
        Impairment?.Validate();
        if (CommandQueueLength < 1)
            throw new ArgumentException("Driver option CommandQueueLength must be at least 1.", nameof(CommandQueueLength));
    }
}
