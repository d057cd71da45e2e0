using System.Net.Sockets;
using System.Net.WebSockets;

namespace WeCan.Edge.Bus.Web;

/// <summary>
/// A WebSocket as a pipe of bytes: binary messages one after the other, whose boundaries mean nothing. Text is refused. While nothing
/// comes, a read of no bytes waits, in the WebSocket, in TLS and in the socket: none of them holds a buffer then. One reader and one writer
/// at a time; what the peer or the network does ends in an exception of <see cref="PipeEnds.IsEnd"/>, or in a read of nothing.
/// </summary>
internal sealed class WebSocketPipe(WebSocket web, Socket socket)
{
    /// <summary>Completes when there may be something to receive. Nothing is held for the connection meanwhile.</summary>
    public async ValueTask WaitAsync() => await web.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);

    /// <summary>0 when the peer says nothing more.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> into)
    {
        while (true)
        {
            if (web.State is not (WebSocketState.Open or WebSocketState.CloseSent))
                return 0;
            var received = await web.ReceiveAsync(into, CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close)
                return 0;
            if (received.MessageType == WebSocketMessageType.Text)
            {
                await web.CloseOutputAsync(WebSocketCloseStatus.InvalidMessageType, "The bus speaks in binary messages.", CancellationToken.None);
                return 0;
            }

            if (received.Count > 0)
                return received.Count;
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => web.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    /// <summary>Says that nothing follows; the peer may still say something.</summary>
    public async ValueTask EndAsync()
    {
        if (web.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await web.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None);
    }

    /// <summary>Ends all at once. Any thread; again does nothing.</summary>
    public void Abort()
    {
        // The socket is what the others wait for; they let go of theirs when that is gone.
        socket.Dispose();
        web.Abort();
    }
}
