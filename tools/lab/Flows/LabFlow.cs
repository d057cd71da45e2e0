using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Lab.Reports;

namespace WeCan.Lab.Flows;

/// <summary>
/// One flow as a pair of programs that know nothing of the network: one sends numbered messages to a local port of its edge, the other takes
/// them where the tunnel comes out. TCP for Signal, UDP for Realtime. A message is due at its time whatever the network does, and its delay counts from then.
/// </summary>
internal sealed class LabFlow : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1.0 / LabLimits.MessagesPerSecond);

    private readonly FlowMessages _messages;
    private readonly Socket _target;
    private readonly IPEndPoint _entrance;
    private readonly CancellationTokenSource _ends = new();
    private readonly CancellationTokenSource _halts = new();
    private readonly FlowSink _sink;
    private Task _working = Task.CompletedTask;
    private long _next;
    private long _first = long.MaxValue;
    private long _bytes;
    private string? _trouble;

    public LabFlow(ServiceClass serviceClass, string from, string to, int entrance, int target)
    {
        (Class, From, To) = (serviceClass, from, to);
        _messages = new(serviceClass);
        _sink = new(serviceClass);
        _entrance = new(IPAddress.Loopback, entrance);
        var (socketType, protocol) = serviceClass == ServiceClass.Signal ? (SocketType.Stream, ProtocolType.Tcp) : (SocketType.Dgram, ProtocolType.Udp);
        _target = new(AddressFamily.InterNetwork, socketType, protocol);
        _target.Bind(new IPEndPoint(IPAddress.Loopback, target));
        if (serviceClass == ServiceClass.Signal)
            _target.Listen();
    }

    public ServiceClass Class { get; }

    public string From { get; }

    public string To { get; }

    /// <summary>Something has come through. Realtime is not waited for: a scenario may give it no chance.</summary>
    public bool HasCome => _sink.HasTaken || Class == ServiceClass.Realtime;

    /// <summary>Begins to send; what is sent until <see cref="Count"/> warms the way up and counts nowhere.</summary>
    public void Start()
    {
        var sending = Class == ServiceClass.Signal ? SendStreamAsync() : SendDatagramsAsync();
        var taking = Class == ServiceClass.Signal ? TakeStreamAsync() : TakeDatagramsAsync();
        _working = Task.WhenAll(Guarded(sending), Guarded(taking));
    }

    public void Count()
    {
        var first = Volatile.Read(ref _next);
        _sink.CountFrom(first);
        Volatile.Write(ref _first, first);
        Volatile.Write(ref _bytes, 0);
    }

    /// <summary>Sends nothing new.</summary>
    public void Halt() => _halts.Cancel();

    public FlowReport Report() => _sink.Report(From, To, Math.Max(0, Volatile.Read(ref _next) - Volatile.Read(ref _first)), Volatile.Read(ref _bytes), _trouble);

    public async ValueTask DisposeAsync()
    {
        await _halts.CancelAsync();
        await _ends.CancelAsync();
        await _working;
        _target.Dispose();
        _halts.Dispose();
        _ends.Dispose();
    }

    private async Task Guarded(Task part)
    {
        try
        {
            await part;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            _trouble = failure.Message;
        }
    }

    /// <summary>A connection that breaks before anything counts is made anew, as programs do.</summary>
    private async Task SendStreamAsync()
    {
        while (true)
        {
            try
            {
                await SendOverAsync();
                return;
            }
            catch (SocketException) when (Volatile.Read(ref _first) == long.MaxValue && !_halts.IsCancellationRequested)
            {
                await Task.Delay(LabLimits.Poll, _halts.Token);
            }
        }
    }

    private async Task SendOverAsync()
    {
        using var source = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await source.ConnectAsync(_entrance, _halts.Token);
        var buffer = new byte[sizeof(int) + FlowMessages.MaxBytes];
        await PaceAsync(async (number, due) =>
        {
            var length = _messages.Write(number, due, buffer.AsSpan(sizeof(int)));
            BitConverter.TryWriteBytes(buffer, length);
            await source.SendAsync(buffer.AsMemory(0, sizeof(int) + length), _ends.Token);
            return length;
        });

        // The other end takes all that was sent, and then sees the end of it.
        source.Shutdown(SocketShutdown.Send);
        await source.ReceiveAsync(buffer, _ends.Token);
    }

    private async Task SendDatagramsAsync()
    {
        using var source = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await source.ConnectAsync(_entrance, _halts.Token);
        var buffer = new byte[FlowMessages.MaxBytes];
        await PaceAsync(async (number, due) =>
        {
            var length = _messages.Write(number, due, buffer);
            try
            {
                await source.SendAsync(buffer.AsMemory(0, length), _ends.Token);
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // The edge is not there at the moment: what was sent to it is missed, and counts so.
            }

            return length;
        });
    }

    private async Task PaceAsync(Func<long, long, Task<int>> send)
    {
        using var timer = new PeriodicTimer(Interval);
        var start = LocalTime.Nanoseconds - (long)(_next * Interval.TotalNanoseconds);
        while (!_halts.IsCancellationRequested)
        {
            for (var due = start + (long)(_next * Interval.TotalNanoseconds); due <= LocalTime.Nanoseconds && !_halts.IsCancellationRequested; due = start + (long)(_next * Interval.TotalNanoseconds))
            {
                var length = await send(_next, due);
                Volatile.Write(ref _next, _next + 1);
                Volatile.Write(ref _bytes, _bytes + length);
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task TakeStreamAsync()
    {
        while (!_ends.IsCancellationRequested)
        {
            using var connection = await _target.AcceptAsync(_ends.Token);
            try
            {
                await TakeAllAsync(connection);
            }
            catch (Exception broken) when (broken is SocketException or IOException && Volatile.Read(ref _first) == long.MaxValue)
            {
                // Another one comes.
            }
        }
    }

    private async Task TakeAllAsync(Socket connection)
    {
        using var stream = new NetworkStream(connection, ownsSocket: false);
        using var buffered = new BufferedStream(stream, LabLimits.ReadBytes);
        var buffer = new byte[FlowMessages.MaxBytes];
        while (await buffered.ReadAtLeastAsync(buffer.AsMemory(0, sizeof(int)), sizeof(int), throwOnEndOfStream: false, _ends.Token) == sizeof(int))
        {
            var length = BitConverter.ToInt32(buffer);
            if (length is < 0 or > FlowMessages.MaxBytes)
                throw new IOException($"the stream from {From} to {To} is not what was sent");
            await buffered.ReadExactlyAsync(buffer.AsMemory(0, length), _ends.Token);
            _sink.Take(buffer.AsSpan(0, length));
        }
    }

    private async Task TakeDatagramsAsync()
    {
        var buffer = new byte[FlowMessages.MaxBytes];
        while (!_ends.IsCancellationRequested)
            _sink.Take(buffer.AsSpan(0, await _target.ReceiveAsync(buffer, _ends.Token)));
    }
}
