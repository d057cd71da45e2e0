using System.Net.Sockets;

namespace WeCan.Runtime.Sockets;

/// <summary>How the system is asked which of many sockets have something to do: once for each time that this has changed.</summary>
internal interface ISocketWatch : IDisposable
{
    /// <summary>A descriptor that is readable while there is something to take, for the loop's one sleep; none where there is no such thing.</summary>
    int? Descriptor { get; }

    void Add(LoopSocket socket);

    void Remove(LoopSocket socket);

    /// <summary>Where <see cref="Descriptor"/> is none: adds whom to sleep on.</summary>
    void Fill(List<Socket> reads, List<Socket> writes, List<Socket> errors);

    /// <summary>Where <see cref="Descriptor"/> is none: what the sleep has found.</summary>
    bool Found(List<Socket> reads, List<Socket> writes, List<Socket> errors);

    /// <summary>The next socket of which something is news, by its place.</summary>
    bool TryTake(out int place, out bool mayRead, out bool mayWrite);
}
