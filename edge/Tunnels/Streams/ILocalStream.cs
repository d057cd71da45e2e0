namespace WeCan.Edge.Tunnels.Streams;

/// <summary>
/// The end of a connection on this machine: a program's or a target's TCP socket, or a simulated one. It is called on the loop's
/// thread, never waits, and calls nobody back from inside: what it learns it tells the connection later.
/// </summary>
internal interface ILocalStream
{
    /// <summary>Takes as many of the bytes as the program has room for now, and says how many.</summary>
    int Write(ReadOnlySpan<byte> bytes);

    /// <summary>Nothing more will be written: the program reads to an orderly end.</summary>
    void FinishWriting();

    /// <summary>Both directions came to their orderly end.</summary>
    void Close();

    /// <summary>The connection broke: the program must see a reset, and no orderly end.</summary>
    void Reset();

    /// <summary>The connection takes bytes again; its <see cref="StreamConnection.Appetite"/> says how many.</summary>
    void ReadOn();
}
