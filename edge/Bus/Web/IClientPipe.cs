namespace WeCan.Edge.Bus.Web;

/// <summary>
/// An ordered pipe of bytes between a client and this edge, sealed: the one thing that accesses differ in. One reader and one writer at a
/// time. What the peer or the network does ends in an exception of <see cref="PipeEnds.IsEnd"/>, or in a read of nothing.
/// </summary>
internal interface IClientPipe
{
    /// <summary>Completes when there may be something to receive. Nothing is held for the connection meanwhile.</summary>
    ValueTask WaitAsync();

    /// <summary>0 when the peer says nothing more.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> into);

    ValueTask SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Says that nothing follows; the peer may still say something.</summary>
    ValueTask EndAsync();

    /// <summary>Ends all at once. Any thread; again does nothing.</summary>
    void Abort();
}
