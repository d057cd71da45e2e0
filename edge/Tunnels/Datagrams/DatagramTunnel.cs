using System.Text;
using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>Where the datagrams of one UDP listener go. <paramref name="Exit"/> is asked for with each session, as a name's node may change.</summary>
internal sealed record DatagramTunnel(Func<NodeId> Exit, string Target, byte Priority, Duration Deadline, int Paths)
{
    public byte[] TargetBytes { get; } = Encoding.ASCII.GetBytes(Target);

    public TunnelTraffic Traffic { get; init; } = new();
}
