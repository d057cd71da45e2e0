using System.Collections.Concurrent;

namespace WeCan.Runtime.Control;

/// <summary>
/// Connects to a controller by the better of two ways: by QUIC first, and by WebSocket too once QUIC has failed or had its
/// head start. Whoever connects first is taken, and only there the session begins: a hello on both would be two sessions of one
/// node, of which the later ends the earlier. A controller by whose address QUIC did not come through, but the WebSocket did, is
/// asked without QUIC for a while, so that a network which swallows UDP costs the head start once; a QUIC that was only slow is
/// not held against it. Used by the client's task alone.
/// </summary>
/// <param name="quic">Connects by QUIC; null where this machine cannot.</param>
/// <param name="webSocket">Connects by WebSocket.</param>
/// <param name="time">For the head start.</param>
internal sealed class ControlDialer(
    Func<string, CancellationToken, Task<Stream>>? quic, Func<string, CancellationToken, Task<Stream>> webSocket, TimeProvider time)
{
    /// <summary>Since when QUIC is left out, by address.</summary>
    private readonly ConcurrentDictionary<string, long> _withoutQuic = new(StringComparer.Ordinal);

    /// <exception cref="ControlRefusedException">By neither way; the message is the WebSocket's.</exception>
    public async Task<ControlConnection> ConnectAsync(string address, CancellationToken cancellation)
    {
        if (quic is null || IsLeftOut(address))
            return new(await webSocket(address, cancellation), ControlTransport.WebSocket);
        var quick = quic(address, cancellation);
        await AwaitHeadStartAsync(quick, cancellation);
        if (quick.IsCompletedSuccessfully)
            return new(await quick, ControlTransport.Quic);
        if (cancellation.IsCancellationRequested)
            Discard(quick);
        cancellation.ThrowIfCancellationRequested();

        using var losing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sure = webSocket(address, losing.Token);
        var winner = await FirstGoodAsync(quick, sure);
        if (winner == quick)
        {
            await losing.CancelAsync();
            Discard(sure);
            return new(await quick, ControlTransport.Quic);
        }

        // Both failed, or this one is taken: what then becomes of the other tells for the next time.
        var stream = await sure;
        Discard(quick, () => LeaveOut(address));
        return new(stream, ControlTransport.WebSocket);
    }

    /// <summary>A connection by QUIC stood, and no word of the controller came over it: the next one is by WebSocket.</summary>
    public void LeaveOut(string address)
    {
        if (_withoutQuic.Count >= ControlClientLimits.AddressesRemembered)
            _withoutQuic.Clear();
        _withoutQuic[address] = time.GetTimestamp();
    }

    private bool IsLeftOut(string address) =>
        _withoutQuic.TryGetValue(address, out var since) && time.GetElapsedTime(since) < ControlClientLimits.WithoutQuic;

    private async Task AwaitHeadStartAsync(Task quick, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(quick, Task.Delay(ControlClientLimits.QuicHeadStart, time, over.Token));
        await over.CancelAsync();
    }

    /// <summary>The first that succeeded; where both failed, the one whose reason is told.</summary>
    private static async Task<Task<Stream>> FirstGoodAsync(Task<Stream> quick, Task<Stream> sure)
    {
        var first = await Task.WhenAny(quick, sure);
        if (first.IsCompletedSuccessfully)
            return first;
        var other = first == quick ? sure : quick;
        await ((Task)other).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return other.IsCompletedSuccessfully ? other : sure;
    }

    /// <summary>Closes what the slower attempt may still connect.</summary>
    private static void Discard(Task<Stream> attempt, Action? failed = null) => _ = attempt.ContinueWith(
        async done =>
        {
            if (done.IsCompletedSuccessfully)
                await (await done).DisposeAsync();
            else if (done.IsFaulted)
                failed?.Invoke();
            _ = done.Exception;
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
