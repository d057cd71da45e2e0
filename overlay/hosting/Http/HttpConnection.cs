using System.Net.Sockets;

namespace WeCan.Hosting.Http;

/// <summary>
/// One connection, from its first request to its end: (1) a head is read, within a time and a size, (2) its body, likewise, (3) the site
/// answers, (4) the answer is sent, within a time, and (5) the next request is waited for. What breaks a rule is refused by name and ends
/// the connection; a peer that is gone or too slow ends it too.
/// </summary>
internal sealed class HttpConnection(Socket socket, IHttpSite site, TimeProvider time, CancellationToken stop) : IDisposable
{
    /// <summary>Received and not yet read: the next head, and what its sender sent after it.</summary>
    private readonly byte[] _buffer = new byte[HostingLimits.HttpHeadBytes];
    private int _held;

    public void Dispose() => socket.Dispose();

    public async Task ServeAsync()
    {
        while (await ServeOneAsync())
        {
            // Who asks without a pause leaves the thread to others in between.
            await Task.Yield();
        }
    }

    /// <summary>Says that there is no room.</summary>
    public Task TurnAwayAsync() => RefuseAsync(HttpStatus.ServiceUnavailable);

    /// <summary>False when it was the last one.</summary>
    private async Task<bool> ServeOneAsync()
    {
        var (length, refusal) = await ReadHeadAsync();
        if (refusal == 0 && length > 0 && TryTake(length, out var taken, out refusal))
        {
            refusal = await ReadBodyAsync(taken);
            if (refusal == 0)
                return await AnswerAsync(taken);
        }

        if (refusal > 0)
            await RefuseAsync(refusal);
        return false;
    }

    /// <summary>The length of a head that is there whole, or what refuses it; neither, where the peer has gone or said nothing for long.</summary>
    private async Task<(int Length, int Refusal)> ReadHeadAsync()
    {
        if (_held == 0)
        {
            using var idle = new StepBound(HostingLimits.HttpIdleTime, time, stop);
            _held = await ReceiveAsync(_buffer, idle.Token);
            if (_held == 0)
                return default;
        }

        using var bound = new StepBound(HostingLimits.HttpHeadTime, time, stop);
        int length;
        while (!HttpHead.TryFind(_buffer.AsSpan(0, _held), out length))
        {
            if (_held == _buffer.Length)
                return (0, HttpStatus.HeaderFieldsTooLarge);
            var received = await ReceiveAsync(_buffer.AsMemory(_held), bound.Token);
            if (received == 0)
                return (0, bound.IsLate ? HttpStatus.RequestTimeout : 0);
            _held += received;
        }

        return (length, 0);
    }

    private bool TryTake(int length, out TakenRequest taken, out int refusal)
    {
        taken = default;
        if (!HttpHead.TryRead(_buffer.AsSpan(0, length), out var head, out refusal))
            return false;
        if (head.BodyBytes > site.BodyBytes)
        {
            refusal = HttpStatus.ContentTooLarge;
            return false;
        }

        var body = new byte[head.BodyBytes];
        taken = new(new(head, body), body, head.KeepsOpen, head.AwaitsWord && !head.IsOld);
        Discard(length);
        return true;
    }

    /// <summary>0 when the body is whole; below that, its sender has gone.</summary>
    private async Task<int> ReadBodyAsync(TakenRequest taken)
    {
        var read = Math.Min(_held, taken.Body.Length);
        _buffer.AsSpan(0, read).CopyTo(taken.Body);
        Discard(read);
        if (taken.AwaitsWord && read < taken.Body.Length && !await SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray()))
            return -1;
        using var bound = new StepBound(HostingLimits.HttpBodyTime, time, stop);
        while (read < taken.Body.Length)
        {
            var received = await ReceiveAsync(taken.Body.AsMemory(read), bound.Token);
            if (received == 0)
                return bound.IsLate ? HttpStatus.RequestTimeout : -1;
            read += received;
        }

        return 0;
    }

    private async Task<bool> AnswerAsync(TakenRequest taken)
    {
        using var answer = await AskSiteAsync(taken.Question);
        var isSent = await SendAsync(answer.HeadBytes(time.GetUtcNow(), taken.KeepsOpen)) && (taken.Question.IsHead || await SendAsync(answer.Body));
        return isSent && taken.KeepsOpen;
    }

    private async Task<HttpAnswer> AskSiteAsync(HttpQuestion question)
    {
        using var bound = new StepBound(HostingLimits.HttpAnswerTime, time, stop);
        try
        {
            return await site.AnswerAsync(question, bound.Token);
        }
        catch (OperationCanceledException) when (bound.Token.IsCancellationRequested)
        {
            return site.Refuse(HttpStatus.ServiceUnavailable, $"There was no answer within {HostingLimits.HttpAnswerTime.TotalSeconds:0} s.");
        }
        catch (Exception failure)
        {
            // A fault in an answer is told to who asked, and the daemon goes on.
            return site.Refuse(HttpStatus.InternalServerError, $"The daemon failed at it: {failure.GetType().Name}: {failure.Message}");
        }
    }

    /// <summary>What the sender still sends is taken for a moment, as who is cut off while he sends hears no sentence.</summary>
    private async Task RefuseAsync(int status)
    {
        using var answer = site.Refuse(status, SentenceOf(status));
        if (!await SendAsync(answer.HeadBytes(time.GetUtcNow(), keepsOpen: false)) || !await SendAsync(answer.Body) || !TryEndSending())
            return;
        using var bound = new StepBound(HostingLimits.HttpFarewellTime, time, stop);
        for (var left = HostingLimits.HttpFarewellBytes; left > 0;)
        {
            var received = await ReceiveAsync(_buffer, bound.Token);
            if (received == 0)
                return;
            left -= received;
        }
    }

    private string SentenceOf(int status) => status switch
    {
        HttpStatus.RequestTimeout => "The request did not come whole in time.",
        HttpStatus.LengthRequired => "A body is sent with its length, as Content-Length: send it in one piece.",
        HttpStatus.ContentTooLarge => $"The request is longer than the {site.BodyBytes} bytes that are read: send less.",
        HttpStatus.ExpectationFailed => "Nothing but 100-continue can be expected.",
        HttpStatus.HeaderFieldsTooLarge => $"The head of the request is longer than {HostingLimits.HttpHeadBytes} bytes, or has more than {HostingLimits.HttpFields} fields: send less.",
        HttpStatus.ServiceUnavailable => $"{site.Connections} connections are open already: come back later.",
        HttpStatus.VersionNotSupported => "This is a version of HTTP that is not served: use HTTP/1.1.",
        _ => "The request cannot be read: it is no HTTP/1.1.",
    };

    private void Discard(int read)
    {
        _held -= read;
        _buffer.AsSpan(read, _held).CopyTo(_buffer);
    }

    /// <summary>0 when nothing comes any more: the peer has gone, or the time is over.</summary>
    private async Task<int> ReceiveAsync(Memory<byte> into, CancellationToken bound)
    {
        try
        {
            return await socket.ReceiveAsync(into, bound);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            return 0;
        }
    }

    /// <summary>False when the peer does not take it.</summary>
    private async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var bound = new StepBound(HostingLimits.HttpSendTime, time, stop);
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await socket.SendAsync(bytes, bound.Token)..];
            return true;
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private bool TryEndSending()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A request whose head was read, and the room for its body.</summary>
    private readonly record struct TakenRequest(HttpQuestion Question, byte[] Body, bool KeepsOpen, bool AwaitsWord);
}
