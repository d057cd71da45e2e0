using System.Net.Sockets;

namespace WeCan.Sockets;

/// <summary>More sockets that a <see cref="SocketWaiter"/> sleeps on, whose readiness is asked of the system elsewhere.</summary>
internal interface ISleepers
{
    /// <summary>A descriptor that is readable while there is news; none where there is no such thing.</summary>
    int? Descriptor { get; }

    /// <summary>Where <see cref="Descriptor"/> is none: adds whom to sleep on.</summary>
    void Fill(List<Socket> reads, List<Socket> writes, List<Socket> errors);

    /// <summary>Where <see cref="Descriptor"/> is none: what the sleep has found.</summary>
    bool Found(List<Socket> reads, List<Socket> writes, List<Socket> errors);
}
