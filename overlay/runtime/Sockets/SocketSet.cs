using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Sockets.Linux;

namespace WeCan.Runtime.Sockets;

/// <summary>
/// The sockets that a host has beside the overlay's own, for the driver's loop to drive: they share its thread and its sleep, so that what
/// passes between them and the node changes no thread and takes no lock. Given to one driver with its options, and from then on touched on
/// the loop's thread only: by commands, by the host, by the sockets themselves. Those with something to do take turns, a bounded number in each turn
/// of the loop. When the loop ends, so do the sockets.
/// </summary>
public sealed class SocketSet : IDisposable
{
    private readonly List<LoopSocket?> _places = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<LoopSocket> _queue = new();
    private readonly ISocketWatch _watch = OperatingSystem.IsLinux() ? new EpollWatch() : new SelectWatch();

    /// <summary>What the datagram sockets among them did.</summary>
    public DriverStatistics Statistics => Datagrams.Statistics;

    public int Count => _places.Count - _free.Count;

    internal ISocketWatch Watch => _watch;

    internal DatagramBatch Datagrams { get; } = new();

    /// <summary>Watches a socket from now on; a stream's once it listens, is connected, or connects.</summary>
    public void Add(LoopSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.Set is not null)
            throw new ArgumentException("The socket is in a set already.", nameof(socket));
        socket.Set = this;
        if (!_free.TryPop(out var place))
        {
            place = _places.Count;
            _places.Add(null);
        }

        _places[place] = socket;
        socket.Place = place;
        _watch.Add(socket);
    }

    /// <summary>Forgets a socket and closes it, as its options say. A second call does nothing.</summary>
    public void Remove(LoopSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.Set != this)
            return;
        Release(socket);
        socket.Socket.Dispose();
    }

    /// <summary>Forgets a socket and leaves it open, for another to drive. A second call does nothing.</summary>
    public void Release(LoopSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.Set != this)
            return;
        Datagrams.Forget(socket);
        socket.Set = null;
        _places[socket.Place] = null;
        _free.Push(socket.Place);
        _watch.Remove(socket);
    }

    /// <summary>Has a socket's <see cref="LoopSocket.Run"/> called soon, whatever the system says of it.</summary>
    public void Schedule(LoopSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.IsQueued || socket.Set != this)
            return;
        socket.IsQueued = true;
        _queue.Enqueue(socket);
    }

    public void Dispose()
    {
        foreach (var socket in _places)
            socket?.Socket.Dispose();
        _places.Clear();
        _queue.Clear();
        _watch.Dispose();
    }

    /// <summary>The sleep saw something of them: takes in what, and schedules whom it concerns.</summary>
    internal void Look()
    {
        while (_watch.TryTake(out var place, out var mayRead, out var mayWrite))
        {
            if (place >= _places.Count || _places[place] is not { } socket)
                continue;
            socket.MayRead |= mayRead;
            socket.MayWrite |= mayWrite;
            Schedule(socket);
        }
    }

    /// <summary>A turn of those with something to do; true when some are left over.</summary>
    internal bool Run(Node node, MonoTime now)
    {
        for (var left = Math.Min(_queue.Count, RuntimeLimits.SocketsPerTurn); left > 0; left--)
        {
            var socket = _queue.Dequeue();
            socket.IsQueued = false;
            if (socket.Set == this && socket.Run(node, now))
                Schedule(socket);
        }

        Flush();
        return _queue.Count > 0;
    }

    /// <summary>Sends the datagrams that were written and wait for company; true when sockets have something to do.</summary>
    internal bool Flush()
    {
        Datagrams.Flush();
        return _queue.Count > 0;
    }
}
