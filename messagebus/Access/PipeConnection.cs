using System.Net.Security;
using System.Net.WebSockets;

namespace WeCan.MessageBus.Access;

/// <summary>
/// A WebSocket to an edge, as a pipe of bytes for the loop: a task that opens it and reads, which waits after each piece until the loop has
/// handled it, and one that writes while there is something to write. The loop is woken for all that is new, and is the only one to
/// call what is public here.
/// </summary>
internal sealed class PipeConnection : IDisposable
{
    private readonly Uri _address;
    private readonly Action _wake;
    private readonly ClientWebSocket _web = new();
    private readonly CancellationTokenSource _over = new();
    private readonly SemaphoreSlim _handled = new(0);
    private readonly Lock _lock = new();
    private readonly byte[] _received = new byte[AccessBounds.PieceBytes];
    private byte[] _out = [];
    private int _outLength;
    private byte[] _spare = [];
    private bool _isSending;
    private bool _isEnding;
    private int _piece;
    private volatile bool _isOpen;
    private volatile bool _isOver;

    public PipeConnection(Uri address, string token, RemoteCertificateValidationCallback? judge, Action wake)
    {
        (_address, _wake) = (address, wake);
        _web.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        _web.Options.KeepAliveInterval = TimeSpan.Zero;
        if (judge is not null)
            _web.Options.RemoteCertificateValidationCallback = judge;
        Done = Task.Run(RunAsync);
    }

    /// <summary>Both tasks have let go of the connection.</summary>
    public Task Done { get; }

    public bool IsOpen => _isOpen;

    public bool IsOver => _isOver;

    /// <summary>Bytes that may be added now.</summary>
    public int Room
    {
        get
        {
            lock (_lock)
                return AccessBounds.SendBytes - _outLength;
        }
    }

    /// <summary>What came and was not handled yet; empty for nothing. <see cref="Release"/> follows.</summary>
    public ReadOnlySpan<byte> Piece => _received.AsSpan(0, Volatile.Read(ref _piece));

    /// <summary>The piece was handled, and more may come.</summary>
    public void Release()
    {
        Volatile.Write(ref _piece, 0);
        _handled.Release();
    }

    /// <summary>Adds what is to be sent, at most as much as there is room for.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_out.Length < _outLength + bytes.Length)
                Array.Resize(ref _out, Math.Min(AccessBounds.SendBytes, Math.Max(_outLength + bytes.Length, _out.Length * 2)));
            bytes.CopyTo(_out.AsSpan(_outLength));
            _outLength += bytes.Length;
        }

        Begin();
    }

    /// <summary>Nothing follows: what was added is sent, and the connection closed.</summary>
    public void End()
    {
        lock (_lock)
            _isEnding = true;
        Begin();
    }

    /// <summary>At once. The tasks see to their own ends.</summary>
    public void Dispose()
    {
        _over.Cancel();
        _web.Dispose();
        _over.Dispose();
        _handled.Dispose();
    }

    private void Begin()
    {
        lock (_lock)
        {
            if (_isSending || _isOver)
                return;
            _isSending = true;
        }

        _ = Task.Run(SendAsync);
    }

    private async Task RunAsync()
    {
        try
        {
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_over.Token))
            {
                limit.CancelAfter(AccessBounds.OpenTime);
                await _web.ConnectAsync(_address, limit.Token).ConfigureAwait(false);
            }

            _isOpen = true;
            _wake();
            while (true)
            {
                var received = await _web.ReceiveAsync(_received.AsMemory(), _over.Token).ConfigureAwait(false);
                if (received.MessageType == WebSocketMessageType.Close)
                    return;
                if (received.Count == 0)
                    continue;
                Volatile.Write(ref _piece, received.Count);
                _wake();
                await _handled.WaitAsync(_over.Token).ConfigureAwait(false);
            }
        }
        catch (Exception end) when (IsEnd(end))
        {
            // Whatever the reason, there is no connection.
        }
        finally
        {
            _isOver = true;
            _wake();
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (TryTake(out var bytes, out var length, out var isLast))
            {
                if (length > 0)
                    await _web.SendAsync(bytes.AsMemory(0, length), WebSocketMessageType.Binary, endOfMessage: true, _over.Token).ConfigureAwait(false);
                lock (_lock)
                    _spare = bytes;
                if (!isLast)
                {
                    _wake();
                    continue;
                }

                await _web.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _over.Token).ConfigureAwait(false);
                return;
            }
        }
        catch (Exception end) when (IsEnd(end))
        {
            _web.Abort();
        }
    }

    private static bool IsEnd(Exception failure) => failure is IOException or WebSocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;

    private bool TryTake(out byte[] bytes, out int length, out bool isLast)
    {
        lock (_lock)
        {
            (bytes, length, isLast) = (_out, _outLength, _isEnding);
            (_out, _outLength, _spare) = (_spare, 0, []);
            _isSending = length > 0 || isLast;
            if (!_isSending)
                (_out, _spare) = (bytes, _out);
            return _isSending;
        }
    }
}
