using WeCan.Contracts;

namespace WeCan.Sockets;

/// <summary>
/// Where the loop's datagrams leave: the socket, or a lab's stage before it that makes a bad network out of a good one.
/// Driven by the loop alone: it writes a datagram into <see cref="Draft"/>, hands it over by <see cref="Send"/>, and after the last
/// one calls <see cref="TryFlush"/>. What was handed over is sent, held, or refused for good and counted; it is never lost to a
/// full socket.
/// </summary>
public interface IDatagramEgress
{
    /// <summary>What this does to datagrams, for the operator to be told aloud; null for an egress that does nothing to them.</summary>
    string? Impairment { get; }

    /// <summary>When <see cref="TryFlush"/> has something to send that it holds back on purpose; never when nothing is held.</summary>
    MonoTime NextDue { get; }

    /// <summary>
    /// Room for the next datagram, at least <see cref="Protocol.Wire.WireLimits.FullDatagram"/> bytes, valid until the next call. Empty
    /// while the socket is full: the caller comes again when it is writable, and calls <see cref="TryFlush"/> first.
    /// </summary>
    Span<byte> Draft { get; }

    /// <summary>Takes the first bytes of the draft. It may wait for company until <see cref="TryFlush"/>.</summary>
    void Send(MonoTime now, NetAddress to, int length);

    /// <summary>Sends all that may leave by now. False when the socket is full; what is left waits, and goes first.</summary>
    bool TryFlush(MonoTime now);
}
