using System.Buffers;
using System.Diagnostics;
using WeCan.Contracts;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tunnels.Streams;

/// <summary>
/// One TCP connection through a tunnel, at either edge: bytes between a local stream and two flows, one each way. Without I/O and
/// clock; driven on the loop's thread by <see cref="TunnelEntry"/> or <see cref="TunnelExit"/> and by whoever has the local stream.
/// <para>
/// Invariants. Bytes keep their order, and none is repeated or left out: a direction ends in its FIN after its last byte, or the
/// local program sees a reset. What waits for the local program is at most the window granted to the other edge, and the messages
/// before it are always taken, so that credit and FIN of one direction never wait for the other's reader. What was read from the
/// program and not taken by the flow is at most one read, and nothing more is read until it is.
/// </para>
/// </summary>
internal sealed class StreamConnection(StreamShared shared, NodeId peer, ulong number, FlowHandle outbound, FlowId inbound, ILocalStream? local, byte[]? first)
{
    private readonly StreamShared _shared = shared;
    private ILocalStream? _local = local;
    private byte[]? _first = first;
    private byte[]? _lastWord;
    private FlowId _inbound = inbound;
    private Backlog _backlog;
    private byte[]? _unsent;
    private int _unsentStart;
    private int _unsentEnd;
    private ulong _sent;
    private ulong _limit = TunnelLimits.FirstWindow;
    private readonly ReceiveWindow _window = new(shared.Windows);
    private bool _isCreditDue;
    private bool _localEnded;
    private bool _finSent;
    private bool _finReceived;
    private bool _finDelivered;

    public NodeId Peer { get; } = peer;

    /// <summary>The number that the entry gave it.</summary>
    public ulong Number { get; } = number;

    public FlowHandle Outbound { get; } = outbound;

    public StreamState State { get; private set; }

    /// <summary>Bytes that wait here for the local program.</summary>
    public int Waiting => _backlog.Length;

    /// <summary>Bytes that the local stream may be read for now. The entry's may send before the exit has answered.</summary>
    public int Appetite => _local is null || _localEnded || _unsent is not null || State is StreamState.Leaving or StreamState.Ended
        ? 0
        : (int)Math.Min(_limit - _sent, TunnelLimits.ReadAhead);

    /// <summary>Sends what opens it.</summary>
    public void Start(Node node, MonoTime now)
    {
        _window.Start(now);
        Flush(node, now);
    }

    // ---- from the local stream ----

    /// <summary>Bytes that the local program wrote, at most <see cref="Appetite"/>.</summary>
    public void HandleLocal(Node node, MonoTime now, ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(bytes.Length <= Appetite, "More was read than the connection can take.");
        _sent += (ulong)bytes.Length;
        _shared.Counters.BytesIn += bytes.Length;
        if (_first is not null && !TrySayFirst(node, now))
        {
            Keep(bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, TunnelLimits.SentData)];
            if (!TrySendData(node, now, part))
            {
                Keep(bytes);
                return;
            }

            bytes = bytes[part.Length..];
        }
    }

    /// <summary>The local program will write no more.</summary>
    public void HandleLocalEnd(Node node, MonoTime now)
    {
        _localEnded = true;
        Flush(node, now);
    }

    /// <summary>The local program is gone, or its connection broke.</summary>
    public void HandleLocalReset(Node node, MonoTime now)
    {
        if (State is StreamState.Leaving or StreamState.Ended)
            return;
        LoseLocal();
        Leave(node, now, [TunnelKind.Reset]);
    }

    /// <summary>The local program takes bytes again.</summary>
    public void HandleLocalWritable(Node node, MonoTime now)
    {
        while (_local is not null && !_backlog.IsEmpty)
        {
            var taken = _local.Write(_backlog.First);
            if (taken <= 0)
                break;
            _backlog.Take(taken);
            OnDelivered(taken);
        }

        AfterDelivery(node, now);
    }

    // ---- from the exit's dialler ----

    /// <summary>The target has accepted.</summary>
    public void HandleConnected(Node node, MonoTime now, ILocalStream target)
    {
        _local = target;
        _window.Start(now);
        State = StreamState.Open;
        _shared.Counters.ConnectionsOpened++;
        _first = new AnswerFrame { Connection = Number }.ToMessage();
        HandleLocalWritable(node, now);
        Flush(node, now);
        if (State == StreamState.Open)
            target.ReadOn();
    }

    /// <summary>The target was not reached, or may not be.</summary>
    public void HandleRefused(Node node, MonoTime now, RefusalReason reason) =>
        Leave(node, now, new AnswerFrame { Connection = Number, IsRefused = true, Reason = reason }.ToMessage());

    // ---- from the overlay ----

    /// <summary>The exit's answer: its flow is the other direction from here on.</summary>
    public void HandleOpened(FlowId answers)
    {
        _inbound = answers;
        State = StreamState.Open;
        _shared.Counters.ConnectionsOpened++;
    }

    public void HandleMessage(Node node, MonoTime now, ReadOnlySpan<byte> message)
    {
        if (State is StreamState.Leaving or StreamState.Ended)
            return;
        switch (message.IsEmpty ? TunnelKind.None : message[0])
        {
            case TunnelKind.Data when !_finReceived && message.Length is > 1 and <= TunnelLimits.MaxData + 1
                && _window.TryReceive(message.Length - 1):
                Deliver(message[1..]);
                AfterDelivery(node, now);
                return;
            case TunnelKind.Credit when CreditFrame.TryRead(message, out var credit):
                if (credit.Limit <= _limit)
                    return;
                _limit = credit.Limit;
                _local?.ReadOn();
                return;
            case TunnelKind.Fin when message.Length == 1 && !_finReceived:
                _finReceived = true;
                AfterDelivery(node, now);
                return;
            case TunnelKind.Reset when message.Length == 1:
                End(node, now, isOrderly: false);
                return;
        }

        _shared.Counters.Drop(TunnelDrop.Malformed);
        Abort(node, now);
    }

    /// <summary>The flow that a Send did not fit may try again.</summary>
    public void HandleFlowWritable(Node node, MonoTime now)
    {
        var hadUnsent = _unsent is not null;
        Flush(node, now);
        if (hadUnsent && Appetite > 0)
            _local?.ReadOn();
    }

    /// <summary>The flow to the other edge is over before it was closed here.</summary>
    public void HandleFlowBroken(Node node, MonoTime now) => End(node, now, isOrderly: false);

    /// <summary>The other edge's flow has ended, and all of it was handed out: orderly only after its FIN.</summary>
    public void HandleInboundEnded(Node node, MonoTime now)
    {
        if (!_finReceived)
            Abort(node, now);
    }

    /// <summary>Breaks the connection from here: both ends see a reset.</summary>
    public void Abort(Node node, MonoTime now)
    {
        if (State is StreamState.Leaving or StreamState.Ended)
            return;

        // The entry knows a connection by its answer only: before that, a reset would be nobody's.
        byte[] lastWord = State == StreamState.Opening && _local is null
            ? new AnswerFrame { Connection = Number, IsRefused = true }.ToMessage()
            : [TunnelKind.Reset];
        ResetLocal();
        Leave(node, now, lastWord);
    }

    /// <summary>Ends it without another word to the other edge, which knows.</summary>
    public void End(Node node, MonoTime now, bool isOrderly)
    {
        if (State == StreamState.Ended)
            return;
        if (!isOrderly)
            ResetLocal();
        Release();
        State = StreamState.Ended;
        node.CloseFlow(now, Outbound);
        _shared.Remove(this);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _unsent = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(_unsent);
        (_unsentStart, _unsentEnd) = (0, bytes.Length);
    }

    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        if (_local is not null && _backlog.IsEmpty)
        {
            var taken = _local.Write(bytes);
            OnDelivered(taken);
            bytes = bytes[taken..];
        }

        if (bytes.IsEmpty)
            return;
        if (_local is not null)
            _window.OnWaiting();
        _backlog.Append(bytes);
    }

    private void OnDelivered(int bytes)
    {
        _window.OnDelivered(bytes);
        _shared.Counters.BytesOut += bytes;
    }

    private void AfterDelivery(Node node, MonoTime now)
    {
        if (_local is null)
            return;
        if (_finReceived)
        {
            if (_backlog.IsEmpty && !_finDelivered)
            {
                _finDelivered = true;
                _local.FinishWriting();
            }
        }
        else if (_window.IsHalfUsed)
        {
            _window.Grant(now, node.RoundTripTo(Peer), isAnythingWaiting: !_backlog.IsEmpty);
            _isCreditDue = true;
        }

        Flush(node, now);
    }

    /// <summary>Sends what is due and the flow takes, in the order in which it must go.</summary>
    private void Flush(Node node, MonoTime now)
    {
        if (State == StreamState.Leaving)
        {
            SayLastWord(node, now);
            return;
        }

        if (State == StreamState.Ended || (_first is not null && !TrySayFirst(node, now)))
            return;
        if (_isCreditDue)
        {
            Span<byte> credit = stackalloc byte[CreditFrame.Length];
            new CreditFrame { Limit = _window.Granted }.Write(credit);
            if (!IsTaken(node, now, credit))
                return;
            _isCreditDue = false;
        }

        while (_unsent is not null)
        {
            var part = _unsent.AsSpan(_unsentStart, Math.Min(_unsentEnd - _unsentStart, TunnelLimits.SentData));
            if (!TrySendData(node, now, part))
                return;
            _unsentStart += part.Length;
            if (_unsentStart == _unsentEnd)
                DropUnsent();
        }

        if (_localEnded && !_finSent && IsTaken(node, now, [TunnelKind.Fin]))
            _finSent = true;
        if (_finSent && _finDelivered)
        {
            _local?.Close();
            End(node, now, isOrderly: true);
        }
    }

    private bool TrySayFirst(Node node, MonoTime now)
    {
        if (!IsTaken(node, now, _first))
            return false;
        _first = null;
        return true;
    }

    private bool TrySendData(Node node, MonoTime now, ReadOnlySpan<byte> part)
    {
        var message = _shared.Scratch.AsSpan(0, 1 + part.Length);
        message[0] = TunnelKind.Data;
        part.CopyTo(message[1..]);
        return IsTaken(node, now, message);
    }

    /// <summary>False when the flow is full, and then it says when it is not, or gone, and then an event comes.</summary>
    private bool IsTaken(Node node, MonoTime now, ReadOnlySpan<byte> message) => node.Send(now, Outbound, message, out _) == SendResult.Accepted;

    private void ResetLocal()
    {
        _local?.Reset();
        LoseLocal();
    }

    private void LoseLocal()
    {
        _local = null;
        if (State == StreamState.Open)
            _shared.Counters.ConnectionsReset++;
    }

    /// <summary>Nothing is left here but a word to the other edge, which the flow may not take at once.</summary>
    private void Leave(Node node, MonoTime now, byte[] lastWord)
    {
        Release();
        State = StreamState.Leaving;
        _lastWord = lastWord;
        SayLastWord(node, now);
    }

    private void SayLastWord(Node node, MonoTime now)
    {
        if (IsTaken(node, now, _lastWord))
            End(node, now, isOrderly: true);
    }

    private void Release()
    {
        if (State is StreamState.Leaving or StreamState.Ended)
            return;
        _backlog.Clear();
        DropUnsent();
        _window.Close();
        if (_inbound != default)
            _shared.Unbind(_inbound);
    }

    private void DropUnsent()
    {
        if (_unsent is null)
            return;
        ArrayPool<byte>.Shared.Return(_unsent);
        _unsent = null;
    }
}
