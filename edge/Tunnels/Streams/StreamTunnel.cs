using System.Text;
using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Streams;

/// <summary>Where the connections of one TCP listener go. <paramref name="Exit"/> is asked for with each, as a name's node may change.</summary>
internal sealed record StreamTunnel(Func<NodeId> Exit, string Target, ServiceClass Class, byte Priority)
{
    public byte[] TargetBytes { get; } = Encoding.ASCII.GetBytes(Target);

    public TunnelTraffic Traffic { get; init; } = new();
}
