using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Transport;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>
/// A client of the bus on native access: its session over the link protocol, the flow of each link that carries its frames, and what it
/// has to say. Driven with the contract of every layer, by one thread; after each call of its own the bus's client is to be
/// followed by <see cref="Turn"/>, so that what it said is taken.
/// </summary>
internal sealed class NativeClient : IDisposable
{
    private const byte Priority = 3;

    private readonly ClientSession _session;
    private readonly FlowHandle[] _realtime = new FlowHandle[MessageTraits.MaxPriority + 1];
    private FlowHandle _flow;
    private byte[]? _held;
    private int _link;
    private bool _isBroken;
    private bool _carries;

    public NativeClient(ClientSessionOptions options, DeterministicRandom random, IBusClientEvents events)
    {
        _session = new(options, random);
        Bus = new(new BlockPool(), random, events);
    }

    public BusClient Bus { get; }

    /// <summary>Realtime messages of this client's that were let go of here: there was no session, or no room in time.</summary>
    public long RealtimeDropped { get; private set; }

    /// <summary>Where another access carries the session, which brings all in one order: what is to go over it at once or never.</summary>
    public RealtimeLine InLine { get; } = new();

    /// <summary>The session goes over this access where it can; without that the link stands, and nothing is said over it.</summary>
    public bool MayCarry { get; set; } = true;

    /// <summary>The link stands, and has brought nothing but what an edge says.</summary>
    public bool IsUp => _session.State == ClientSessionState.Connected && !(_isBroken && _link == _session.LinksMade);

    public ClientSessionState State => _session.State;

    public Duration Rtt => _session.Rtt;

    public MonoTime GetNextTimeout(MonoTime now) => MonoTime.Min(_session.GetNextTimeout(now), Bus.NextTimeout);

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        Receive(now, from, datagram);
        Turn(now);
    }

    /// <summary>One of several datagrams that came together: <see cref="Turn"/> follows the last.</summary>
    public void Receive(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram) => _session.HandleDatagram(now, from, datagram);

    public void HandleTimeout(MonoTime now)
    {
        _session.HandleTimeout(now);
        Bus.HandleTimeout(now);
        Turn(now);
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length) => _session.TryPollTransmit(now, buffer, out to, out length);

    /// <summary>Takes what came, and hands over what is to go.</summary>
    public void Turn(MonoTime now)
    {
        Follow();
        while (_session.TryReceive(now, out var message))
        {
            if (_isBroken || !_carries)
                continue;
            if (!(message.Class == ServiceClass.Realtime ? Bus.TryHandleRealtime(message.Deadline, message.Payload) : Bus.TryHandle(now, message.Payload)))
                Break();
        }

        while (_session.TryPollEvent(out _))
        {
            // That there is room again is seen by trying, and that a link is over by the session's state.
        }

        Follow();
        Flush(now);
    }

    /// <summary>Sends a Realtime message, at once or never: beside what is in order, and worth something for so long.</summary>
    public void PublishRealtime(MonoTime now, byte priority, Duration deadline, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> extras)
    {
        var isSent = _carries || MayCarry
            ? Bus.TryPublishRealtime(priority, subject, payload, extras, out var frame) && TrySendRealtime(now, priority, frame, now + deadline)
            : TryPublishInLine(now, priority, deadline, subject, payload, extras);
        if (!isSent)
            RealtimeDropped++;
    }

    /// <summary>Says goodbye: what is polled then is the last.</summary>
    public void Close(MonoTime now)
    {
        Bus.Leave();
        Flush(now);
        _session.CloseFlow(now, _flow);
    }

    /// <summary>Ends the link too.</summary>
    public void End() => _session.Close();

    public void Dispose() => _session.Dispose();

    /// <summary>Each link is a connection of its own.</summary>
    private void Follow()
    {
        var isLinked = _session.State == ClientSessionState.Connected;
        if (_carries && (!isLinked || _link != _session.LinksMade || !MayCarry))
        {
            Bus.Disconnect();
            _carries = false;
            (_flow, _held) = (FlowHandle.None, null);
        }

        if (!isLinked || !MayCarry || _link == _session.LinksMade || _session.OpenStream(ServiceClass.Signal, Priority, out _flow) != OpenResult.Opened)
            return;
        _link = _session.LinksMade;
        _isBroken = false;
        Array.Clear(_realtime);
        _carries = true;
        Bus.Connect();
    }

    private bool TrySendRealtime(MonoTime now, byte priority, ReadOnlySpan<byte> frame, MonoTime deadline)
    {
        ref var flow = ref _realtime[priority];
        if (flow.IsNone && _session.OpenRealtime(priority, Duration.FromMilliseconds(FrameLimits.MaxDeadlineMilliseconds), out flow) != OpenResult.Opened)
            return false;
        return _session.SendUntil(now, flow, frame, deadline) == SendResult.Accepted;
    }

    /// <summary>In line with others there is nothing beside the frame that could tell its deadline, so it says it itself.</summary>
    private bool TryPublishInLine(MonoTime now, byte priority, Duration deadline, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> extras)
    {
        var timed = MessageExtras.WithLife(extras, (uint)deadline.Milliseconds);
        return Bus.TryPublishRealtime(priority, subject, payload, timed, out var frame) && InLine.TryAdd(now + deadline, frame);
    }

    /// <summary>What came is nothing that an edge says: no more is heard over this link, and nothing said.</summary>
    private void Break()
    {
        _isBroken = true;
        _carries = false;
        Bus.Disconnect();
    }

    private void Flush(MonoTime now)
    {
        if (!_carries)
            return;
        if (_held is { } held)
        {
            if (_session.Send(now, _flow, held, out _) != SendResult.Accepted)
                return;
            _held = null;
        }

        while (Bus.TryTake(SessionLimits.MaxPiece, out var piece))
        {
            if (_session.Send(now, _flow, piece, out _) == SendResult.Accepted)
                continue;
            _held = piece.ToArray();
            return;
        }
    }
}
