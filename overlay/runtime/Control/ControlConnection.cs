namespace WeCan.Runtime.Control;

/// <summary>A connection to a controller: its bytes, and what carries them.</summary>
internal sealed record ControlConnection(Stream Stream, ControlTransport Transport) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
