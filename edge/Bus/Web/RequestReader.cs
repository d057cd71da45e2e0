using System.Buffers;
using WeCan.Hosting;
using WeCan.Hosting.Http;

namespace WeCan.Edge.Bus.Web;

/// <summary>Reads requests of a connection one after the other. Between them, and while it waits for the first byte of one, it holds no buffer.</summary>
internal sealed class RequestReader(Stream stream)
{
    private byte[] _buffer = [];
    private int _held;

    /// <summary>Bytes came behind what was read.</summary>
    public bool HasMore => _held > 0;

    /// <summary>The next head's request, or the status to refuse it with; neither when the peer has gone.</summary>
    public async Task<(WebRequest? Request, int Refusal)> ReadHeadAsync()
    {
        if (_held == 0)
            await WaitAsync();
        if (_buffer.Length == 0)
            _buffer = ArrayPool<byte>.Shared.Rent(HostingLimits.HttpHeadBytes);
        int length;
        while (!HttpHead.TryFind(_buffer.AsSpan(0, _held), out length))
        {
            if (_held == HostingLimits.HttpHeadBytes)
                return (null, HttpStatus.HeaderFieldsTooLarge);
            var received = await stream.ReadAsync(_buffer.AsMemory(_held, HostingLimits.HttpHeadBytes - _held));
            if (received == 0)
                return default;
            _held += received;
        }

        WebRequest.TryRead(_buffer.AsSpan(0, length), out var request, out var refusal);
        Discard(length);
        return (request, refusal);
    }

    /// <summary>False when the peer has gone before all of it came.</summary>
    public async Task<bool> TryReadBodyAsync(Memory<byte> body)
    {
        var held = Math.Min(_held, body.Length);
        _buffer.AsSpan(0, held).CopyTo(body.Span);
        Discard(held);
        return held == body.Length || await stream.ReadAtLeastAsync(body[held..], body.Length - held, throwOnEndOfStream: false) == body.Length - held;
    }

    /// <summary>Takes what still comes for a moment, as who is cut off while he sends hears no sentence.</summary>
    public async Task TakeLeaveAsync()
    {
        Release();
        var buffer = ArrayPool<byte>.Shared.Rent(WebLimits.ReceiveBytes);
        try
        {
            for (var left = WebLimits.FarewellBytes; left > 0;)
            {
                var received = await stream.ReadAsync(buffer);
                if (received == 0)
                    return;
                left -= received;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Nothing more is read here.</summary>
    public void Release()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _held) = ([], 0);
    }

    /// <summary>Completes when something came, and reads none of it.</summary>
    private ValueTask<int> WaitAsync() => stream.ReadAsync(Memory<byte>.Empty);

    private void Discard(int read)
    {
        _held -= read;
        if (_held == 0)
            Release();
        else
            _buffer.AsSpan(read, _held).CopyTo(_buffer);
    }
}
