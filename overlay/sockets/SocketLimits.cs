using WeCan.Protocol.Wire;

namespace WeCan.Sockets;

/// <summary>What is asked of the system for sockets of datagrams, and how much of them is held.</summary>
internal static class SocketLimits
{
    /// <summary>Datagrams that whoever drives a socket takes off it before something else has its turn.</summary>
    public const int ReceivesAtATime = 64;

    /// <summary>Datagrams that are written to one look at the clock; they leave together in any case.</summary>
    public const int SendsPerLook = 8;

    /// <summary>Asked for; the system may give less.</summary>
    public const int SocketBufferBytes = 4 << 20;

    /// <summary>Larger than any datagram of the protocol, so that one that is too long is seen as such and not cut to fit.</summary>
    public const int ReceiveBuffer = 2_048;

    /// <summary>Linux: messages taken from the socket at a time; each may be a row of joined datagrams.</summary>
    public const int ReceiveMessages = 16;

    /// <summary>Linux: the same for a host's socket of which nothing is known yet.</summary>
    public const int FirstReceiveMessages = 4;

    /// <summary>Linux: the longest message that UDP can carry, joined or not.</summary>
    public const int LongestReceive = 65_535;

    /// <summary>Linux: messages lie so far apart, which is no power of two, or they would all want the same lines of the cache.</summary>
    public const int ReceiveStride = (64 * 1_024) + 1_472;

    /// <summary>Linux: messages given to the socket at a time.</summary>
    public const int SendMessages = 64;

    /// <summary>Linux: datagrams that wait to be given to the socket.</summary>
    public const int SendBytes = 72 * WireLimits.FullDatagram;

    /// <summary>Linux: datagrams that the kernel cuts a message into, UDP_MAX_SEGMENTS of the oldest kernels.</summary>
    public const int MostSegments = 64;

    /// <summary>Linux: the longest message to be cut: what an IPv4 packet can hold.</summary>
    public const int LongestSend = 65_507;

    /// <summary>Linux: messages in a row that the kernel would not cut before none is joined any more.</summary>
    public const int SegmentRefusals = 8;

    /// <summary>Linux: peers of whom it is known which address of this machine they write to; a power of two.</summary>
    public const int ReturnAddresses = 4_096;
}
