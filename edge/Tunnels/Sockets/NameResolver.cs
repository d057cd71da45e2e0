using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Runtime;

namespace WeCan.Edge.Tunnels.Sockets;

/// <summary>
/// Resolves names beside the loop, within a bound of time, and brings the addresses to the loop's thread. How many are asked for at a time is
/// for the caller to bound.
/// </summary>
internal sealed class NameResolver(Func<Action<Node, MonoTime>, ValueTask<PostResult>> post, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>No addresses where the name is not known, or nobody answered in time.</summary>
    public void Resolve(string host, Action<Node, MonoTime, IReadOnlyList<IPAddress>> found) => _ = Task.Run(() => ResolveAsync(host, found));

    private async Task ResolveAsync(string host, Action<Node, MonoTime, IReadOnlyList<IPAddress>> found)
    {
        IPAddress[] addresses = [];
        try
        {
            using var bound = new CancellationTokenSource(TunnelLimits.DialTimeout.ToTimeSpan());
            addresses = await _resolve(host, bound.Token).WaitAsync(bound.Token);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ArgumentException)
        {
            // Unknown, or too slow: told as no addresses.
        }

        // Where the loop has ended, nobody asks any more.
        await post((node, now) => found(node, now, addresses));
    }
}
