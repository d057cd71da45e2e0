using System.Buffers;
using System.Threading.Tasks.Sources;
using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Web;

/// <summary>
/// A client on a pipe: a task that reads, which waits after each piece until the loop has handled it; and, only while there is something to
/// send, one that writes. Between them and the loop lie one piece and one bounded buffer, both lent by a pool while they hold something,
/// so that a silent client holds neither.
/// </summary>
internal sealed class WebClient : IConnectionOwner, IWebOrder, IValueTaskSource
{
    private readonly WebGateway _gateway;
    private readonly WebSocketPipe _pipe;
    private readonly Lock _lock = new();
    private readonly SendBuffer _out = new();
    private RealtimeLine? _realtime;
    private Stranger? _stranger;
    private ManualResetValueTaskSourceCore<bool> _handled = new() { RunContinuationsAsynchronously = true };
    private ReadOnlyMemory<byte> _piece;
    private bool _hasPiece;
    private bool _isGone;
    private bool _isSending;
    private bool _isEnding;
    private bool _hasEnded;
    private bool _isNoted;
    private bool _isStarted;
    private MonoTime _wakeAt = MonoTime.Never;
    private MonoTime _heard;
    private MonoTime _leavesBy = MonoTime.Never;

    public WebClient(WebGateway gateway, WebSocketPipe pipe, ClientToken token, string address, Stranger stranger)
    {
        (_gateway, _pipe, Token, Address, _stranger) = (gateway, pipe, token, address, stranger);
    }

    public ClientToken Token { get; }

    public string Address { get; }

    /// <summary>On the loop's thread, from the first order on.</summary>
    public BusConnection? Connection { get; set; }

    public bool IsCostly => false;

    /// <summary>Until the client has gone, or was let go of.</summary>
    public async Task RunAsync()
    {
        _gateway.Post(this);
        try
        {
            var isHeard = true;
            while (isHeard)
            {
                await _pipe.WaitAsync();
                isHeard = await ReceiveAsync();
            }
        }
        catch (Exception end) when (PipeEnds.IsEnd(end))
        {
            // However it went, it is over.
        }
        finally
        {
            _pipe.Abort();
            lock (_lock)
                _isGone = true;
            _gateway.Post(this);
        }
    }

    public void Abort() => _pipe.Abort();

    /// <summary>It has said nothing for too long, or has not gone in time after the last word.</summary>
    public bool IsOverdue(MonoTime now) => now - _heard >= WebLimits.Silence || now >= _leavesBy;

    public void OnReady()
    {
        if (_isNoted)
            return;
        _isNoted = true;
        _gateway.Note(this);
    }

    /// <summary>There is news from its tasks: a piece, room, or its end.</summary>
    public void Handle(MonoTime now)
    {
        if (!_isStarted)
            Start(now);
        bool isGone;
        lock (_lock)
            isGone = _isGone;
        if (_hasPiece)
            HandlePiece(now);
        if (isGone)
            _gateway.Remove(now, this);
        else if (Connection is not null)
            OnReady();
    }

    public void HandleTimeout(MonoTime now, MonoTime at)
    {
        if (_wakeAt != at)
            return;
        _wakeAt = MonoTime.Never;
        Connection!.HandleTimeout(now);
        OnReady();
        Wake();
    }

    /// <summary>Puts what the bus has for it into its buffer, as far as there is room.</summary>
    public void Flush(MonoTime now)
    {
        _isNoted = false;
        var connection = Connection!;
        var isEmpty = false;
        lock (_lock)
        {
            if (_isGone || _isEnding)
                return;
            while (_out.Room > 0 && !isEmpty)
            {
                isEmpty = !connection.TryTake(_out.Room, out var piece) && !TrySayRealtime(now, connection);
                _out.Add(piece);
            }

            _isEnding = connection.IsOver && isEmpty;
            if (_isSending || (_out.Length == 0 && !_isEnding))
                return;
            _isSending = true;
        }

        if (_isEnding)
            Leave(now);
        ThreadPool.UnsafeQueueUserWorkItem(static client => _ = client.SendAsync(), this, preferLocal: false);
    }

    /// <summary>Takes a Realtime frame that is to go in line with the others, when there is room; false when too many wait.</summary>
    public bool TrySendRealtime(MonoTime deadline, ReadOnlySpan<byte> frame)
    {
        _realtime ??= new();
        OnReady();
        return _realtime.TryAdd(deadline, frame);
    }

    void IValueTaskSource.GetResult(short token) => _handled.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _handled.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _handled.OnCompleted(continuation, state, token, flags);

    /// <summary>False when no Realtime frame waits that is still worth something.</summary>
    private bool TrySayRealtime(MonoTime now, BusConnection connection)
    {
        if (_realtime is null || connection.Session is not { } session)
            return false;
        var late = _realtime.Late;
        var hasOne = _realtime.TryTake(now, out var frame);
        _gateway.CountLate((int)(_realtime.Late - late));
        if (hasOne)
            session.Outbox.Once.Append(frame);
        return hasOne;
    }

    private async Task<bool> ReceiveAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(WebLimits.ReceiveBytes);
        try
        {
            var length = await _pipe.ReceiveAsync(buffer.AsMemory(0, WebLimits.ReceiveBytes));
            if (length == 0)
                return false;
            _handled.Reset();
            _piece = buffer.AsMemory(0, length);
            Volatile.Write(ref _hasPiece, true);
            _gateway.Post(this);
            await new ValueTask(this, _handled.Version);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Start(MonoTime now)
    {
        _isStarted = true;
        _heard = now;
        if (!_gateway.TryAdd(now, this))
            Abort();
    }

    private void HandlePiece(MonoTime now)
    {
        _heard = now;
        var connection = Connection;
        if (connection is { IsOver: false })
        {
            connection.Handle(now, _piece.Span);
            if (connection.Session is not null)
                Greet();
            Wake();
        }

        _piece = default;
        _hasPiece = false;
        _handled.SetResult(true);
    }

    /// <summary>It has said which session it is: from now on its own bounds hold, and not those of strangers.</summary>
    private void Greet()
    {
        _stranger?.Leave();
        _stranger = null;
    }

    private void Leave(MonoTime now)
    {
        _leavesBy = now + WebLimits.FarewellTime;
        _gateway.LookSoon(this, _leavesBy);
    }

    private void Wake()
    {
        if (Connection!.IsOver || Connection.NextTimeout >= _wakeAt)
            return;
        _wakeAt = Connection.NextTimeout;
        _gateway.WakeAt(this, _wakeAt);
    }

    private async Task SendAsync()
    {
        try
        {
            while (TryTake(out var bytes, out var length, out var wasFull, out var isLast))
            {
                try
                {
                    if (length > 0)
                        await _pipe.SendAsync(bytes.AsMemory(0, length));
                }
                finally
                {
                    SendBuffer.Return(bytes);
                }

                if (isLast)
                    await _pipe.EndAsync();
                else if (wasFull)
                    _gateway.Post(this);
            }
        }
        catch (Exception end) when (PipeEnds.IsEnd(end))
        {
            _pipe.Abort();
        }
    }

    /// <summary>What is to be sent now; false when there is nothing, and somebody else begins to send when there is.</summary>
    private bool TryTake(out byte[] bytes, out int length, out bool wasFull, out bool isLast)
    {
        lock (_lock)
        {
            wasFull = _out.Room == 0;
            isLast = _isEnding;
            _isSending = !_hasEnded && (_out.Length > 0 || isLast);
            _hasEnded |= isLast;
            (bytes, length) = _isSending ? _out.Take() : ([], 0);
            return _isSending;
        }
    }
}
