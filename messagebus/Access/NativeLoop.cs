using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Sockets;
using WeCan.Sockets.Linux;

namespace WeCan.MessageBus.Access;

/// <summary>
/// Native access on a UDP socket: one thread, which drives the client and is the only one that touches it. Others post what they want
/// done there. It works in turns: all that came, all that was posted, all that is to be sent; so the busier it is, the more goes together.
/// </summary>
internal sealed class NativeLoop : IDisposable
{
    // What the thread does: it works, it sleeps and whoever has something for it wakes it, or somebody has while it worked.
    private const int Works = 0;
    private const int Sleeps = 1;
    private const int IsWoken = 2;

    /// <summary>The longest sleep.</summary>
    private static readonly Duration MaxSleep = Duration.FromSeconds(1);

    private readonly ConcurrentQueue<Action<NativeClient, MonoTime>> _orders = new();
    private readonly BusOptions _options;
    private readonly IBusClientEvents _events;
    private readonly WakeSocket _wake = new();
    private readonly SocketStatistics _statistics = new();
    private readonly Thread _thread;
    private readonly Action<Exception?> _ended;
    private int _state;
    private volatile bool _isOver;

    public NativeLoop(BusOptions options, IBusClientEvents events, Action<Exception?> ended)
    {
        (_options, _events, _ended) = (options, events, ended);
        _thread = new(Run) { IsBackground = true, Name = "wecan-bus" };
        _thread.Start();
    }

    public void Post(Action<NativeClient, MonoTime> order)
    {
        _orders.Enqueue(order);
        WakeOnce();
    }

    /// <summary>Says goodbye to the edge, and ends the thread.</summary>
    public void Dispose()
    {
        _isOver = true;
        _wake.Signal();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
        _wake.Dispose();
    }

    public static MonoTime Now => new(Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency));

    /// <summary>Only who finds the thread asleep has to wake it: what else there is, it finds before it sleeps.</summary>
    private void WakeOnce()
    {
        if (Interlocked.Exchange(ref _state, IsWoken) == Sleeps)
            _wake.Signal();
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            var edge = Resolve();
            var bind = new IPEndPoint(edge.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
            using var socket = OverlaySocket.Open(bind);
            Span<byte> seed = stackalloc byte[DeterministicRandom.SeedBytes];
            RandomNumberGenerator.Fill(seed);
            var options = new ClientSessionOptions
            {
                EdgeKey = _options.Edge.Key,
                EdgeAddress = NetAddress.FromEndPoint(edge),
                Token = Encoding.UTF8.GetBytes(_options.Token),
            };
            using var client = new NativeClient(options, new DeterministicRandom(seed), _events);
            RandomNumberGenerator.Fill(seed);
            using var access = new AccessSwitch(_options, new DeterministicRandom(seed), WakeOnce, Now);
            NativeThread.SharpenTimers();
            Drive(socket, bind, client, access);
        }
        catch (Exception exception) when (exception is SocketException or RuntimeStartException or BusException or ArgumentException)
        {
            failure = exception;
        }

        _ended(failure);
    }

    private IPEndPoint Resolve()
    {
        try
        {
            var addresses = Dns.GetHostAddresses(_options.Edge.Host);
            return new(addresses[0], _options.Edge.Port);
        }
        catch (SocketException failure)
        {
            throw new BusException($"The edge's name {_options.Edge.Host} cannot be resolved: {failure.Message}.", failure);
        }
    }

    private void Drive(Socket socket, IPEndPoint bind, NativeClient client, AccessSwitch access)
    {
        var (ingress, egress) = OverlaySocket.MakeEnds(socket, bind, _statistics);
        var waiter = new SocketWaiter(socket, _wake.Socket);
        var ready = Readiness.Readable;
        while (!_isOver)
        {
            if ((ready & Readiness.Woken) != Readiness.None)
                _wake.Clear();
            Interlocked.Exchange(ref _state, Works);
            for (var left = _orders.Count; left > 0 && _orders.TryDequeue(out var order); left--)
                order(client, Now);
            var hasMore = (ready & Readiness.Readable) != Readiness.None && Receive(ingress, client);
            var now = Now;
            if (client.GetNextTimeout(now) <= now)
                client.HandleTimeout(now);
            client.Turn(now);
            access.Turn(now, client);
            var isFull = !Send(egress, client);
            ready = waiter.Wait(hasMore ? Duration.Zero : SleepOf(client, access, isFull), isFull) | (hasMore ? Readiness.Readable : Readiness.None);
        }

        client.Close(Now);
        access.Close(Now, client);
        client.End();
        Send(egress, client);
    }

    /// <summary>True when there may be more.</summary>
    private bool Receive(IDatagramIngress ingress, NativeClient client)
    {
        var (now, calls) = (MonoTime.Zero, -1L);
        for (var left = SocketLimits.ReceivesAtATime; left > 0; left--)
        {
            var hasOne = ingress.TryReceive(out var from, out var datagram);
            if (calls != _statistics.ReceiveCalls)
                (calls, now) = (_statistics.ReceiveCalls, Now);
            if (hasOne)
                client.Receive(now, from, datagram);
            if (!ingress.HasMore)
                return false;
        }

        return true;
    }

    /// <summary>False when the socket is full, and what is left waits.</summary>
    private static bool Send(IDatagramEgress egress, NativeClient client)
    {
        var now = Now;
        if (!egress.TryFlush(now))
            return false;
        for (var sent = 1; !egress.Draft.IsEmpty && client.TryPollTransmit(now, egress.Draft, out var to, out var length); sent++)
        {
            egress.Send(now, to, length);
            if (sent % SocketLimits.SendsPerLook == 0)
                now = Now;
        }

        return egress.TryFlush(now);
    }

    private Duration SleepOf(NativeClient client, AccessSwitch access, bool isFull)
    {
        if (_isOver || !_orders.IsEmpty || Interlocked.CompareExchange(ref _state, Sleeps, Works) != Works)
            return Duration.Zero;
        var now = Now;
        return isFull ? MaxSleep : Duration.Max(Duration.Zero, Duration.Min(MonoTime.Min(client.GetNextTimeout(now), access.NextTimeout) - now, MaxSleep));
    }
}
