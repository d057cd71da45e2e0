using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Runtime.Sockets;

/// <summary>
/// A socket of a host's own that the loop drives beside the overlay's, such as a tunnel's: it never blocks, and is touched on the
/// loop's thread alone. <see cref="Run"/> is called when the socket may have become readable or writable, and when it was scheduled;
/// it does a bounded part of what there is to do. Who finds that the socket would block says so by clearing
/// <see cref="MayRead"/> or <see cref="MayWrite"/>, and hears when that has changed; who does not is not told again.
/// </summary>
public abstract class LoopSocket
{
    protected LoopSocket(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        socket.Blocking = false;
        Socket = socket;
    }

    public Socket Socket { get; }

    /// <summary>Bytes, a connection, an end or an error may wait to be read.</summary>
    public bool MayRead { get; protected internal set; }

    /// <summary>There may be room to write; of a socket that connects: it has come to an end of that.</summary>
    public bool MayWrite { get; protected internal set; }

    internal SocketSet? Set { get; set; }

    internal int Place { get; set; }

    internal bool IsQueued { get; set; }

    /// <summary>True when more is to be done at once.</summary>
    public abstract bool Run(Node node, MonoTime now);
}
