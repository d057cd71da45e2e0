namespace WeCan.Edge.Tunnels;

/// <summary>What has passed through one tunnel since it listens, at its entry. On the loop's thread alone.</summary>
internal sealed class TunnelTraffic
{
    /// <summary>TCP connections that stand, or are being opened.</summary>
    public int Connections { get; set; }

    /// <summary>Bytes that programs sent into the tunnel.</summary>
    public long BytesIn { get; set; }

    /// <summary>Bytes that programs got out of it.</summary>
    public long BytesOut { get; set; }
}
