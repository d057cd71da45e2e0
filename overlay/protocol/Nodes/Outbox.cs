using WeCan.Contracts;
using WeCan.Protocol.Handshakes;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// Handshake datagrams that wait to be sent. Bounded: when full, a new one is let go, as its sender will ask again.
/// A datagram is written into <see cref="Draft"/> first, and takes memory of its own only when it is to go.
/// </summary>
internal sealed class Outbox
{
    private readonly Queue<(NetAddress To, byte[] Bytes)> _waiting = new();
    private readonly byte[] _draft = new byte[HandshakeLimits.MaxDatagramBytes];

    /// <summary>Room for the longest handshake datagram, until the next one is drafted.</summary>
    public Span<byte> Draft => _draft;

    public bool IsEmpty => _waiting.Count == 0;

    public bool HasRoom => _waiting.Count < NodeLimits.MaxOutbox;

    /// <summary>Sends the first bytes of the draft.</summary>
    public void Add(NetAddress to, int length)
    {
        if (HasRoom)
            _waiting.Enqueue((to, _draft.AsSpan(0, length).ToArray()));
    }

    public bool TryTake(Span<byte> buffer, out NetAddress to, out int length)
    {
        if (!_waiting.TryDequeue(out var first))
        {
            to = NetAddress.None;
            length = 0;
            return false;
        }

        (to, length) = (first.To, first.Bytes.Length);
        first.Bytes.CopyTo(buffer);
        return true;
    }
}
