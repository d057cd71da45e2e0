namespace WeCan.Sockets;

/// <summary>Why the system refused a datagram. Each is a metric's label; what to do about it stands beside.</summary>
public enum SendFailure
{
    /// <summary>Longer than the interface takes (EMSGSIZE): the path MTU probes find out, nothing to do.</summary>
    TooLong,

    /// <summary>No route to that network or host (ENETUNREACH, EHOSTUNREACH, ENETDOWN): look at the routing table.</summary>
    Unreachable,

    /// <summary>A firewall on this machine forbids it (EPERM, EACCES): allow UDP to that address.</summary>
    NotPermitted,

    /// <summary>The system had no memory for it (ENOBUFS, ENOMEM): the network's queue is full.</summary>
    NoBuffers,

    /// <summary>An IPv6 address, and this machine has no IPv6, or one that cannot be sent to from the bound address (EINVAL, EADDRNOTAVAIL).</summary>
    BadAddress,

    /// <summary>Anything else.</summary>
    Other,
}
