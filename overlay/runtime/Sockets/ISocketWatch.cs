namespace WeCan.Runtime.Sockets;

/// <summary>How the system is asked which of many sockets have something to do: once for each time that this has changed.</summary>
internal interface ISocketWatch : ISleepers, IDisposable
{
    void Add(LoopSocket socket);

    void Remove(LoopSocket socket);

    /// <summary>The next socket of which something is news, by its place.</summary>
    bool TryTake(out int place, out bool mayRead, out bool mayWrite);
}
