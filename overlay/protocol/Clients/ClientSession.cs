using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Clients;

/// <summary>
/// A client's end of the network: a leaf with one link to one edge, which knows it by its token and not by membership, and flows over
/// it in both directions. Driven with the contract of every layer (see <see cref="Node"/>), by one thread. It connects when first
/// polled, keeps its link alive and its keys fresh, follows the edge's answers when its own address changes, and connects again
/// when the link is gone. Flows live as long as the link (<see cref="LinksMade"/>): what it had not confirmed by its end may have
/// arrived or not, and the next link begins with none.
/// </summary>
public sealed class ClientSession : IDisposable
{
    private readonly ClientDialer _dialer;
    private readonly DeterministicRandom _random;
    private readonly PacketPool _pool;
    private readonly TransportLayer _transport;
    private readonly byte[] _draft = new byte[TransportLimits.MaxTransmit];
    private readonly byte[] _opened = new byte[WireLimits.FullDatagram];
    private readonly Queue<NodeId> _older = new();
    private Link? _link;
    private bool _mayHaveWork;
    private bool _isShut;
    private bool _isClosing;

    public ClientSession(ClientSessionOptions options, DeterministicRandom random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        _random = random;
        _dialer = new ClientDialer(options, random);
        _pool = new PacketPool(options.PacketMemory);
        _transport = new TransportLayer(ClientLimits.Life, options.Transport with { IsOneHop = true });
    }

    public ClientSessionState State { get; private set; }

    /// <summary>How many links it has had, the present one included. Who sees another number than before knows that all his flows are over.</summary>
    public int LinksMade { get; private set; }

    /// <summary>Why the last link ended: what the edge said, or None for silence.</summary>
    public CloseReason LastEnd { get; private set; }

    /// <summary>What the edge calls this client; none before it has answered.</summary>
    public ClientId Client { get; private set; }

    public DropCounters Drops { get; } = new();

    public TransportCounters Counters => _transport.Counters;

    public Duration Rtt => _link?.Rtt.Smoothed ?? Duration.Zero;

    public uint KeyGeneration => _link?.KeyGeneration ?? 0;

    /// <summary>Bytes held for messages that are sent and not confirmed, or wait to be sent.</summary>
    public long SendMemoryInUse => _transport.SendBytes;

    /// <summary>Bytes held for what arrived and was not taken, or waits for the rest of its message.</summary>
    public long ReceiveMemoryInUse => _transport.ReceiveBytes + _transport.JoinBytes;

    public long PacketMemoryInUse => _pool.RentedBytes;

    /// <summary>The edge, as the transport knows it: another for each link, so that nothing of one link is taken for another's.</summary>
    private NodeId Edge => new((ushort)(((LinksMade - 1) % ushort.MaxValue) + 1));

    public MonoTime GetNextTimeout(MonoTime now) => MonoTime.Min(_transport.NextTimeout, State switch
    {
        ClientSessionState.Connecting => _dialer.DialAt,
        ClientSessionState.Connected => _link!.NextTimeout(now),
        _ => MonoTime.Never,
    });

    // ---- flows: docs/wire-format.md, sections 6.3 and 7; see TransportLayer for their promises ----

    /// <summary>Opens a flow of class Signal or Bulk to the edge; <see cref="OpenResult.NoLink"/> while it is not connected.</summary>
    public OpenResult OpenStream(ServiceClass serviceClass, byte priority, out FlowHandle flow)
    {
        flow = FlowHandle.None;
        return HasLink ? _transport.OpenStream(Edge, serviceClass, priority, routeToken: 0, out flow) : OpenResult.NoLink;
    }

    /// <summary>Opens a Realtime flow to the edge; its messages are worth something for so long.</summary>
    public OpenResult OpenRealtime(byte priority, Duration deadline, out FlowHandle flow)
    {
        flow = FlowHandle.None;
        return HasLink ? _transport.OpenRealtime(Edge, priority, deadline, out flow) : OpenResult.NoLink;
    }

    /// <summary>Takes a copy of a message, whole or not at all. <paramref name="number"/> counts the flow's accepted messages from 1.</summary>
    public SendResult Send(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message, out ulong number)
    {
        _mayHaveWork = true;
        return _transport.Send(now, flow, message, out number);
    }

    /// <summary>The same for a message of a Realtime flow that is worth something until then, and no longer than the flow's deadline.</summary>
    public SendResult SendUntil(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message, MonoTime deadline)
    {
        _mayHaveWork = true;
        return _transport.SendUntil(now, flow, message, deadline);
    }

    public void CloseFlow(MonoTime now, FlowHandle flow)
    {
        _mayHaveWork = true;
        _transport.Close(now, flow);
    }

    /// <summary>The next message that arrived; its payload is lent until the next call.</summary>
    public bool TryReceive(MonoTime now, out ReceivedMessage message)
    {
        _mayHaveWork = true;
        return _transport.TryReceive(now, out message);
    }

    public bool SetPaused(FlowId flow, bool paused) => _transport.SetPaused(flow, paused);

    public bool TryPollEvent(out TransportEvent happened) => _transport.TryPollEvent(out happened);

    // ---- the driving contract ----

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        if (SealedHeader.TryRead(datagram, out var header))
            HandleSealed(now, from, header, datagram);
        else if (!TryHandleHandshake(now, from, datagram))
            Drops.Add(DropReason.HandshakeRefused);
    }

    public void HandleTimeout(MonoTime now)
    {
        _transport.HandleTimeout(now);
        _mayHaveWork = true;
        if (_link is null)
            return;
        _link.HandleTimeout(now);
        CheckLink(now);
    }

    /// <summary>The next datagram, for the edge's address, into a buffer of at least <see cref="WireLimits.FullDatagram"/> bytes.</summary>
    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        to = _link?.PeerAddress ?? _dialer.EdgeAddress;
        length = 0;
        if (_link is { } link)
        {
            Pump(now, link);
            var polled = link.TryPollTransmit(now, buffer, out length);
            while (!polled && _isShut && !link.IsDead)
            {
                _isShut = false;
                _mayHaveWork = true;
                _transport.Reopen(Edge);
                if (!Pump(now, link))
                    break;
                polled = link.TryPollTransmit(now, buffer, out length);
            }

            CheckLink(now);
            return polled;
        }

        return State == ClientSessionState.Connecting && _dialer.TryDial(now, buffer, out length);
    }

    /// <summary>Says goodbye: one more poll sends it.</summary>
    public void Close()
    {
        _isClosing = true;
        _dialer.Forget();
        if (_link is null)
            State = ClientSessionState.Closed;
        else
            _link.Close(CloseReason.GoingAway);
    }

    public void Dispose()
    {
        _dialer.Forget();
        _link?.Dispose();
        _link = null;
        State = ClientSessionState.Closed;
    }

    private bool HasLink => _link is not null && !_isClosing;

    private bool TryHandleHandshake(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        if (!_dialer.TryRead(now, datagram, out var result, out var rtt))
            return false;
        if (result is null)
            return true;
        var keys = new LinkKeys(result.Secrets, _random, now);
        var options = new LinkOptions(
            result.OwnLink, result.PeerLink, from, IsInitiator: true, Coalesces: true, rtt, result.Times.RoundTrip(now), (uint)result.Times.PeerSentMicroseconds);
        _link = new Link(options, keys, _pool, Drops, now);
        ForgetOlder();
        LinksMade++;
        Client = result.Client;
        State = ClientSessionState.Connected;
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
        _mayHaveWork = true;
        while (_link.TryReadDelivery(now, out var serviceClass, out var bytes))
        {
            if (ClientLink.TryRead(now, _link, serviceClass, bytes, Drops, out var packet, out var deadline))
                _transport.HandlePacket(now, Edge, serviceClass, deadline, marked: false, packet.Payload);
        }

        CheckLink(now);
    }

    /// <summary>Moves packets from the transport to the link, as long as that has room. True when any went.</summary>
    private bool Pump(MonoTime now, Link link)
    {
        if (!_mayHaveWork)
            return false;
        _mayHaveWork = false;
        var moved = false;
        var gate = new SessionGate(link, _pool);
        while (_transport.TryPollTransmit(now, ref gate, _draft, out var transmit, out var length))
        {
            if (transmit.Destination != Edge)
                continue;
            moved = true;
            ClientLink.Send(now, link, _pool, Drops, transmit, _draft.AsSpan(0, length));
        }

        _isShut |= gate.WasShut;
        return moved;
    }

    /// <summary>What the transport knows of older links goes as soon as all has been taken that came over them.</summary>
    private void ForgetOlder()
    {
        for (var left = _older.Count; left > 0; left--)
        {
            var older = _older.Dequeue();
            if (!_transport.TryForget(older))
                _older.Enqueue(older);
        }
    }

    private void CheckLink(MonoTime now)
    {
        if (_link is not { IsDead: true })
            return;
        LastEnd = _link.PeerClosed;
        _link.Dispose();
        _link = null;
        (_isShut, _mayHaveWork) = (false, false);
        _transport.Leave(now, Edge);
        _older.Enqueue(Edge);
        State = _isClosing ? ClientSessionState.Closed : ClientSessionState.Connecting;
        _dialer.Begin(now);
    }
}
