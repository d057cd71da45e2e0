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
using WeCan.Protocol.Wire;

namespace WeCan.MessageBus.Access;

/// <summary>
/// Native access on a UDP socket: one thread, which drives the client and is the only one that touches it. Others post what they want
/// done there.
/// </summary>
internal sealed class NativeLoop : IDisposable
{
    /// <summary>The longest sleep: a clock that is set makes none longer.</summary>
    private const int MaxSleepMicroseconds = 1_000_000;

    /// <summary>What is read before anything else has its turn.</summary>
    private const int DatagramsAtATime = 256;

    private readonly ConcurrentQueue<Action<NativeClient, MonoTime>> _orders = new();
    private readonly BusOptions _options;
    private readonly IBusClientEvents _events;
    private readonly Socket _wake = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Thread _thread;
    private readonly Action<Exception?> _ended;
    private int _isWoken;
    private volatile bool _isOver;

    public NativeLoop(BusOptions options, IBusClientEvents events, Action<Exception?> ended)
    {
        (_options, _events, _ended) = (options, events, ended);
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
        _wake.Blocking = false;
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
        Wake();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
        _wake.Dispose();
    }

    public static MonoTime Now => new(Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency));

    private void WakeOnce()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
            Wake();
    }

    private void Wake()
    {
        try
        {
            _wake.Send([1]);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Its buffer is full: it wakes already. Or the loop has ended.
        }
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            var edge = Resolve();
            using var socket = new Socket(edge.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false, ReceiveBufferSize = 4 << 20, SendBufferSize = 4 << 20 };
            socket.Connect(edge);
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
            Drive(socket, client, access, options.EdgeAddress);
        }
        catch (Exception exception) when (exception is SocketException or BusException or ArgumentException)
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

    private void Drive(Socket socket, NativeClient client, AccessSwitch access, NetAddress edge)
    {
        var buffer = new byte[WireLimits.FullDatagram + 1];
        while (!_isOver)
        {
            Volatile.Write(ref _isWoken, 0);
            for (var left = _orders.Count; left > 0 && _orders.TryDequeue(out var order); left--)
                order(client, Now);
            Receive(socket, client, edge, buffer);
            var now = Now;
            if (client.GetNextTimeout(now) <= now)
                client.HandleTimeout(now);
            client.Turn(now);
            access.Turn(now, client);
            Send(socket, client, buffer);
            Sleep(socket, client, access);
        }

        client.Close(Now);
        access.Close(Now, client);
        client.End();
        Send(socket, client, buffer);
    }

    private static void Receive(Socket socket, NativeClient client, NetAddress edge, byte[] buffer)
    {
        for (var left = DatagramsAtATime; left > 0; left--)
        {
            try
            {
                if (socket.Available == 0)
                    return;
                var length = socket.Receive(buffer);
                client.HandleDatagram(Now, edge, buffer.AsSpan(0, length));
            }
            catch (SocketException)
            {
                // Nobody listens there, or the network is gone: the link's own judge knows what that means.
                return;
            }
        }
    }

    private static void Send(Socket socket, NativeClient client, byte[] buffer)
    {
        while (client.TryPollTransmit(Now, buffer, out _, out var length))
        {
            try
            {
                socket.Send(buffer.AsSpan(0, length));
            }
            catch (SocketException)
            {
                // A datagram that does not leave is one that is lost.
            }
        }
    }

    private void Sleep(Socket socket, NativeClient client, AccessSwitch access)
    {
        if (!_orders.IsEmpty || _isOver || Volatile.Read(ref _isWoken) != 0)
            return;
        var now = Now;
        var wait = MonoTime.Min(client.GetNextTimeout(now), access.NextTimeout) is var next && next.IsNever ? MaxSleepMicroseconds : (int)Math.Clamp((next - now).Microseconds, 0, MaxSleepMicroseconds);
        if (wait == 0)
            return;
        List<Socket> readable = [socket, _wake];
        Socket.Select(readable, null, null, wait);
        if (!readable.Contains(_wake))
            return;
        Span<byte> drained = stackalloc byte[1];
        while (_wake.Available > 0)
            _wake.Receive(drained);
    }
}
