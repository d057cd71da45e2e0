using WeCan.Contracts;

namespace WeCan.Sockets;

/// <summary>Where the loop's datagrams come from. Driven by the loop alone, which asks after the socket was seen readable.</summary>
internal interface IDatagramIngress
{
    /// <summary>True when another datagram is known to wait, here or in the socket.</summary>
    bool HasMore { get; }

    /// <summary>One datagram, lent until the next call. False when there was none, or the system reported an error instead.</summary>
    bool TryReceive(out NetAddress from, out ReadOnlySpan<byte> datagram);

    /// <summary>The datagram just received was its peer's beyond doubt: what it tells about the way back can be trusted.</summary>
    void OnAuthentic();
}
