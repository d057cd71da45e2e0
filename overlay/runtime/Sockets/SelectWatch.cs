using System.Net.Sockets;

namespace WeCan.Runtime.Sockets;

/// <summary>
/// Elsewhere: Select over all sockets, asking each only for what it is not known to be. It costs a look at every socket in each sleep:
/// for a developer's desk, not for thousands of connections.
/// </summary>
internal sealed class SelectWatch : ISocketWatch
{
    private readonly Dictionary<Socket, LoopSocket> _sockets = [];
    private readonly Queue<(int Place, bool MayRead, bool MayWrite)> _found = new();

    public int? Descriptor => null;

    public void Add(LoopSocket socket) => _sockets.Add(socket.Socket, socket);

    public void Remove(LoopSocket socket) => _sockets.Remove(socket.Socket);

    public void Fill(List<Socket> reads, List<Socket> writes, List<Socket> errors)
    {
        foreach (var (socket, owner) in _sockets)
        {
            if (!owner.MayRead)
                reads.Add(socket);
            if (owner.MayWrite)
                continue;
            writes.Add(socket);
            errors.Add(socket);
        }
    }

    public bool Found(List<Socket> reads, List<Socket> writes, List<Socket> errors)
    {
        foreach (var (socket, owner) in _sockets)
        {
            var isBroken = errors.Contains(socket);
            var (mayRead, mayWrite) = (isBroken || reads.Contains(socket), isBroken || writes.Contains(socket));
            if (mayRead || mayWrite)
                _found.Enqueue((owner.Place, mayRead, mayWrite));
        }

        return _found.Count > 0;
    }

    public bool TryTake(out int place, out bool mayRead, out bool mayWrite)
    {
        var taken = _found.TryDequeue(out var found);
        (place, mayRead, mayWrite) = found;
        return taken;
    }

    public void Dispose()
    {
    }
}
