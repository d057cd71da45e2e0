using WeCan.Contracts;
using WeCan.Edge.Tunnels.Frames;

namespace WeCan.Edge.Tunnels;

/// <summary>What the tunnels of a node did since it started. Written on the loop's thread; others may read at any time.</summary>
internal sealed class TunnelCounters
{
    private readonly long[] _refusedHere = new long[RefusalReasons.Count];
    private readonly long[] _refusedThere = new long[RefusalReasons.Count];
    private readonly long[] _drops = new long[(int)TunnelDrop.LocalFull + 1];

    /// <summary>Connections that stand or are being opened.</summary>
    public int ConnectionsOpen { get; set; }

    public long ConnectionsOpened { get; set; }

    /// <summary>Connections that ended by a reset, from either end or by the network.</summary>
    public long ConnectionsReset { get; set; }

    /// <summary>Bytes from local programs and targets into the overlay.</summary>
    public long BytesIn { get; set; }

    /// <summary>Bytes from the overlay to local programs and targets.</summary>
    public long BytesOut { get; set; }

    public int SessionsOpen { get; set; }

    public long SessionsOpened { get; set; }

    public long DatagramsIn { get; set; }

    public long DatagramsOut { get; set; }

    public long DatagramBytesIn { get; set; }

    public long DatagramBytesOut { get; set; }

    /// <summary>Connections and sessions that this edge, as their exit, did not let out.</summary>
    public long RefusedHere(RefusalReason reason) => _refusedHere[(int)reason];

    /// <summary>Connections and sessions of this edge that their exit did not let out.</summary>
    public long RefusedThere(RefusalReason reason) => _refusedThere[(int)reason];

    public long Drops(TunnelDrop reason) => _drops[(int)reason];

    /// <summary>Told of each refusal of this edge as an exit: whose connection or session, the target, and why.</summary>
    internal Action<NodeId, string, RefusalReason>? OnRefusedHere { get; set; }

    internal void AddRefusedHere(NodeId from, string target, RefusalReason reason)
    {
        _refusedHere[(int)reason]++;
        OnRefusedHere?.Invoke(from, target, reason);
    }

    /// <summary>Told of each refusal of this edge's own tunnels: the target, and why.</summary>
    internal Action<string, RefusalReason>? OnRefusedThere { get; set; }

    internal void AddRefusedThere(string target, TunnelTraffic traffic, RefusalReason reason)
    {
        _refusedThere[(int)reason]++;
        traffic.Refuse(reason);
        OnRefusedThere?.Invoke(target, reason);
    }

    internal void Drop(TunnelDrop reason) => _drops[(int)reason]++;
}
