using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Sessions;
using Fingerprint = WeCan.Contracts.Control.Fingerprint;

namespace WeCan.Controller.Service;

/// <summary>
/// One node's connection, whatever carries its stream: bytes that came go to the loop one piece at a time, and frames that
/// the session has are written one after the other. A few frames wait for the socket and no more; the session makes the
/// next when one is on its way.
/// </summary>
internal sealed class ControlConnection(ControllerLoop loop, Stream stream, NodeId number, Fingerprint tlsKey, ILogger log)
{
    private readonly Channel<ReadOnlyMemory<byte>> _frames = Channel.CreateBounded<ReadOnlyMemory<byte>>(ServiceLimits.FramesWaiting);
    private readonly CancellationTokenSource _abandoned = new();
    private ControllerSession? _session;
    private NodeName _name = new(number.Value, "");

    /// <summary>Serves the node until either side ends it. Disposes of nothing: the stream is its owner's.</summary>
    /// <param name="address">Where the node is, for the log.</param>
    /// <param name="transport">And by what it came.</param>
    /// <param name="cancellation">This controller ends it.</param>
    public async Task RunAsync(string address, string transport, CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _abandoned.Token);
        _session = await loop.Do(Open, cancellation);
        ServiceLog.Connected(log, _name, address, transport);
        var writing = WriteAsync(ends, cancellation);
        try
        {
            await ReadAsync(ends.Token);
        }
        catch (Exception end) when (IsEnd(end) || end is Store.StoreException)
        {
            // The connection is over, by whichever side; what the session says of it is told below.
        }
        finally
        {
            // Whatever ended it: a session that stayed open would speak for its node, and keep this controller from stopping.
            _frames.Writer.TryComplete();
            try
            {
                await writing;
            }
            finally
            {
                await CloseAsync();
            }
        }

        if (_session.End is { IsOurs: true } ours)
            loop.Statistics.Refuse(ours.Reason);
        ServiceLog.Went(log, _name, _session.End?.Text ?? "the connection was lost");
    }

    /// <summary>Called by the loop after a step: takes what the session has to say, as far as there is room.</summary>
    public void Pump(ControllerCore core, ControllerTime now)
    {
        if (_session is null)
            return;
        while (_frames.Reader.Count < ServiceLimits.FramesWaiting && core.TryPollFrame(now, _session, out var frame))
        {
            if (!_frames.Writer.TryWrite(frame))
                return;
        }

        if (_session.IsFinished)
            _frames.Writer.TryComplete();
    }

    /// <summary>Called by the loop that forgets its sessions: the node has to connect anew.</summary>
    public void Abandon() => _abandoned.Cancel();

    private ControllerSession Open(ControllerCore core, ControllerTime now)
    {
        loop.Attach(this);
        _name = core.History.NameOf(number);
        return _session = core.OpenSession(now, number, tlsKey);
    }

    private async Task CloseAsync()
    {
        try
        {
            await loop.Do(Close, CancellationToken.None);
        }
        catch (Store.StoreException)
        {
            // The loop has ended or forgotten its sessions, this one among them.
        }
    }

    private bool Close(ControllerCore core, ControllerTime now)
    {
        loop.Detach(this);
        core.CloseSession(_session!);
        return true;
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var buffer = new byte[ServiceLimits.ReadBytes];
        while (await stream.ReadAsync(buffer, cancellation) is var count and > 0)
        {
            var isOver = await loop.Do(
                (core, now) =>
                {
                    core.HandleBytes(now, _session!, buffer.AsSpan(0, count));
                    return _session!.End is not null;
                },
                cancellation);
            if (isOver)
                return;
        }
    }

    /// <summary>
    /// Writes until the session is finished or the connection lost, and then ends the reading too. After a goodbye the node
    /// has a while to go by itself: to stop reading at once would tear the goodbye out of its hands.
    /// </summary>
    private async Task WriteAsync(CancellationTokenSource ends, CancellationToken cancellation)
    {
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(_abandoned.Token))
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_abandoned.Token, cancellation);
                limit.CancelAfter(ServiceLimits.WriteTime);
                await stream.WriteAsync(frame, limit.Token);
                await stream.FlushAsync(limit.Token);
                loop.Wake();
            }

            ends.CancelAfter(ServiceLimits.CloseTime);
        }
        catch (Exception end) when (IsEnd(end))
        {
            // As above: who reads ends next.
            await ends.CancelAsync();
        }
    }

    /// <summary>How a connection's end shows. A server that tears one down while it is being read says so in several ways, an InvalidOperationException among them.</summary>
    private static bool IsEnd(Exception failure) =>
        failure is IOException or OperationCanceledException or System.Net.WebSockets.WebSocketException or ObjectDisposedException or InvalidOperationException;
}
