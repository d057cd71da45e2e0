using WeCan.Edge.Tunnels.Frames;

namespace WeCan.Edge.Tunnels;

/// <summary>What has passed through one tunnel since it listens, at its entry, and what was not let through. On the loop's thread alone.</summary>
internal sealed class TunnelTraffic
{
    /// <summary>TCP connections that stand, or are being opened.</summary>
    public int Connections { get; set; }

    /// <summary>Bytes that programs sent into the tunnel.</summary>
    public long BytesIn { get; set; }

    /// <summary>Bytes that programs got out of it.</summary>
    public long BytesOut { get; set; }

    /// <summary>Connections and sessions that were refused, here or by the exit.</summary>
    public long Refused { get; private set; }

    /// <summary>Why the last of them was; what it is before the first means nothing.</summary>
    public RefusalReason LastRefusal { get; private set; }

    public void Refuse(RefusalReason reason)
    {
        Refused++;
        LastRefusal = reason;
    }
}
