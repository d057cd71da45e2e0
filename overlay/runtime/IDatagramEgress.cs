using WeCan.Contracts;

namespace WeCan.Runtime;

/// <summary>
/// Where the loop's datagrams leave: the socket, or a lab's stage before it that makes a bad network out of a good one.
/// Driven by the loop alone. A stage that holds datagrams back says by <see cref="NextDue"/> when it wants to be asked to send them.
/// </summary>
public interface IDatagramEgress
{
    /// <summary>What this does to datagrams, for the operator to be told aloud; null for an egress that does nothing to them.</summary>
    string? Impairment { get; }

    /// <summary>When <see cref="TrySendDue"/> has something to send; never when nothing is held.</summary>
    MonoTime NextDue { get; }

    /// <summary>
    /// Takes one datagram: sent, held, or refused for good and counted. False only when the socket is full: the caller
    /// keeps the datagram and comes again when the socket is writable.
    /// </summary>
    bool TrySend(MonoTime now, NetAddress to, ReadOnlySpan<byte> datagram);

    /// <summary>Sends what was held until now. False when the socket is full; what is left waits.</summary>
    bool TrySendDue(MonoTime now);
}
