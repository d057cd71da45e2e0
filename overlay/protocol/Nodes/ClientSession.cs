using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// A client's end of the network: a leaf with one link to one edge, which knows it by its token and not by membership.
/// Driven with the contract of every layer (see <see cref="Node"/>), by one thread. It connects when first polled, keeps
/// its link alive and its keys fresh, follows the edge's answers when its own address changes, and connects again when the link is gone.
/// </summary>
public sealed class ClientSession : IDisposable
{
    private readonly ClientSessionOptions _options;
    private readonly DeterministicRandom _random;
    private readonly ulong _nonce;
    private readonly PacketPool _pool = new(NodeLimits.ClientPacketMemory);
    private readonly byte[] _opened = new byte[WireLimits.FullDatagram];
    private ClientInitiator? _initiator;
    private Link? _link;
    private ulong _counter;
    private int _sends;
    private Duration _interval;
    private MonoTime _dialAt;
    private bool _isClosing;

    public ClientSession(ClientSessionOptions options, DeterministicRandom random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        if (options.Token.Length > HandshakeLimits.MaxTokenBytes)
            throw new ArgumentException($"The token has {options.Token.Length} bytes; at most {HandshakeLimits.MaxTokenBytes} fit.", nameof(options));
        _options = options;
        _random = random;
        _nonce = random.NextUInt64();
    }

    public ClientSessionState State { get; private set; }

    /// <summary>What the edge calls this client; none before it has answered.</summary>
    public ClientId Client { get; private set; }

    public DropCounters Drops { get; } = new();

    public Duration Rtt => _link?.Rtt.Smoothed ?? Duration.Zero;

    public uint KeyGeneration => _link?.KeyGeneration ?? 0;

    public MonoTime GetNextTimeout(MonoTime now) => State switch
    {
        ClientSessionState.Connecting => _dialAt,
        ClientSessionState.Connected => _link!.NextTimeout(now),
        _ => MonoTime.Never,
    };

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        if (SealedHeader.TryRead(datagram, out var header))
            HandleSealed(now, from, header, datagram);
        else if (!TryHandleHandshake(now, from, datagram))
            Drops.Add(DropReason.HandshakeRefused);
    }

    public void HandleTimeout(MonoTime now)
    {
        if (_link is null)
            return;
        _link.HandleTimeout(now);
        CheckLink(now);
    }

    /// <summary>The next datagram, for the edge's address, into a buffer of at least <see cref="WireLimits.FullDatagram"/> bytes.</summary>
    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        to = _link?.PeerAddress ?? _options.EdgeAddress;
        length = 0;
        if (_link is not null)
        {
            var polled = _link.TryPollTransmit(now, buffer, out length);
            CheckLink(now);
            return polled;
        }

        if (State != ClientSessionState.Connecting || _dialAt > now)
            return false;
        length = Dial(now, buffer);
        return true;
    }

    /// <summary>Says goodbye: one more poll sends it.</summary>
    public void Close()
    {
        _isClosing = true;
        Forget();
        if (_link is null)
            State = ClientSessionState.Closed;
        else
            _link.Close(CloseReason.GoingAway);
    }

    public void Dispose()
    {
        Forget();
        _link?.Dispose();
        _link = null;
        State = ClientSessionState.Closed;
    }

    private int Dial(MonoTime now, Span<byte> buffer)
    {
        if (_initiator is null || _sends > NodeLimits.InitiationRepeats)
        {
            Forget();
            var id = new LinkId(Math.Max(1, _random.NextUInt32()));
            _initiator = new ClientInitiator(
                _options.EdgeKey, id, _nonce, ++_counter, _options.Token.Span, now, HandshakeCapabilities.Default, _random);
        }

        _interval = _interval == Duration.Zero
            ? NodeLimits.InitiationRetry
            : Duration.Min(_interval * 3 / 2, NodeLimits.MaxInitiationRetry);
        _sends++;
        _dialAt = now + (_interval * (0.9 + (0.2 * _random.NextDouble())));
        return _initiator.Write(buffer);
    }

    private bool TryHandleHandshake(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        if (_initiator is null)
            return false;
        if (_initiator.TryReadCookie(datagram))
        {
            _dialAt = now;
            return true;
        }

        if (!_initiator.TryReadResponse(datagram, out var result))
            return false;
        var longest = result.Times.RoundTrip(now);
        var rtt = _sends == 1 ? longest : Duration.Zero;
        var keys = new LinkKeys(result.Secrets, _random, now);
        var options = new LinkOptions(
            result.OwnLink, result.PeerLink, from, IsInitiator: true, Coalesces: true, rtt, longest, (uint)result.Times.PeerSentMicroseconds);
        _link = new Link(options, keys, _pool, Drops, now);
        Client = result.Client;
        State = ClientSessionState.Connected;
        _interval = Duration.Zero;
        Forget();
        return true;
    }

    private void HandleSealed(MonoTime now, NetAddress from, in SealedHeader header, ReadOnlySpan<byte> datagram)
    {
        if (_link is null || header.Receiver != _link.Id)
        {
            Drops.Add(DropReason.UnknownLink);
            return;
        }

        if (datagram.Length > WireLimits.FullDatagram)
        {
            Drops.Add(DropReason.MalformedDatagram);
            return;
        }

        if (!_link.TryOpen(now, from, header, datagram, _opened))
            return;
        while (_link.TryReadDelivery(now, out _, out _))
            Drops.Add(DropReason.UnsupportedKind);
        CheckLink(now);
    }

    private void CheckLink(MonoTime now)
    {
        if (_link is not { IsDead: true })
            return;
        _link.Dispose();
        _link = null;
        State = _isClosing ? ClientSessionState.Closed : ClientSessionState.Connecting;
        _dialAt = now;
    }

    private void Forget()
    {
        _initiator?.Dispose();
        _initiator = null;
        _sends = 0;
    }
}
