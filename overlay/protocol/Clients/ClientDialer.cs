using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Nodes;

namespace WeCan.Protocol.Clients;

/// <summary>How a client calls its edge: the same initiation some times, at growing intervals, then a fresh one, until there is an answer.</summary>
internal sealed class ClientDialer(ClientSessionOptions options, DeterministicRandom random)
{
    private readonly ulong _nonce = random.NextUInt64();
    private ClientInitiator? _initiator;
    private ulong _counter;
    private int _sends;
    private Duration _interval;

    public NetAddress EdgeAddress => options.EdgeAddress;

    /// <summary>When it calls next.</summary>
    public MonoTime DialAt { get; private set; }

    /// <summary>There is no link: it calls at once, and as eagerly as at first.</summary>
    public void Begin(MonoTime now) => DialAt = now;

    public bool TryDial(MonoTime now, Span<byte> buffer, out int length)
    {
        length = 0;
        if (DialAt > now)
            return false;
        if (_initiator is null || _sends > NodeLimits.InitiationRepeats)
        {
            Forget();
            var id = new LinkId(Math.Max(1, random.NextUInt32()));
            _initiator = new ClientInitiator(options.EdgeKey, id, _nonce, ++_counter, options.Token.Span, now, HandshakeCapabilities.Default, random);
        }

        _interval = _interval == Duration.Zero
            ? NodeLimits.InitiationRetry
            : Duration.Min(_interval * 3 / 2, NodeLimits.MaxInitiationRetry);
        _sends++;
        DialAt = now + (_interval * (0.9 + (0.2 * random.NextDouble())));
        length = _initiator.Write(buffer);
        return true;
    }

    /// <summary>
    /// Reads what the edge answers: a cookie, which changes only when it calls next, or the result of the handshake, with the round trip
    /// where it is known. False for what answers nothing.
    /// </summary>
    public bool TryRead(MonoTime now, ReadOnlySpan<byte> datagram, out HandshakeResult? result, out Duration roundTrip)
    {
        (result, roundTrip) = (null, Duration.Zero);
        if (_initiator is null)
            return false;
        if (_initiator.TryReadCookie(datagram))
        {
            DialAt = now;
            return true;
        }

        if (!_initiator.TryReadResponse(datagram, out result))
            return false;
        roundTrip = _sends == 1 ? result.Times.RoundTrip(now) : Duration.Zero;
        _interval = Duration.Zero;
        Forget();
        return true;
    }

    public void Forget()
    {
        _initiator?.Dispose();
        _initiator = null;
        _sends = 0;
    }
}
