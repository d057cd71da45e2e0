using WeCan.Contracts;
using WeCan.Contracts.Control.Sessions;

namespace WeCan.Runtime.Control;

/// <summary>
/// Moves one session's bytes over one connection, whatever carries it: one side reads and hands over, the other writes what the
/// session has to say and keeps its time. It returns when the session has ended and its last frame is on its way, or the other
/// side closed the connection; a connection that is lost throws.
/// </summary>
internal sealed class ControlTalk(Stream stream, NodeSession session, Lock changing, WakeSignal wake, MonotonicClock clock, Action handled)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = ReadAsync(ends.Token);
        var writing = WriteAsync(ends.Token);
        var first = await Task.WhenAny(reading, writing);

        // After a goodbye of ours the other side goes by itself: to go first would tear the goodbye out of its hands.
        if (first == writing && writing.IsCompletedSuccessfully)
            await reading.WaitAsync(ControlClientLimits.CloseTime, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ends.CancelAsync();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        await first;
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var buffer = new byte[ControlClientLimits.ReadBytes];
        while (await stream.ReadAsync(buffer, cancellation) is var count and > 0)
        {
            lock (changing)
            {
                session.HandleBytes(clock.Now, buffer.AsSpan(0, count));
                handled();
                if (session.End is { IsOurs: false })
                    return;
            }

            wake.Set();
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadOnlyMemory<byte> frame;
            bool hasOne, isOver;
            TimeSpan wait;
            lock (changing)
            {
                session.HandleTimeout(clock.Now);
                hasOne = session.TryPollFrame(out frame);
                isOver = session.End is not null;
                wait = (session.NextTimeout - clock.Now).ToTimeSpan();
            }

            if (hasOne)
            {
                await WriteAsync(frame, cancellation);
            }
            else if (isOver)
            {
                return;
            }
            else
            {
                await wake.WaitAsync(wait, cancellation);
            }
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ControlClientLimits.WriteTime);
        try
        {
            await stream.WriteAsync(frame, limit.Token);
            await stream.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"the controller took nothing for {ControlClientLimits.WriteTime.TotalSeconds:0} s", late);
        }
    }
}
