using System.Collections.Concurrent;
using WeCan.Contracts;
using WeCan.Runtime;
using WeCan.Sockets;

namespace WeCan.Bench.Flood;

/// <summary>A tap on the wire: keeps copies of the newest datagrams that a node sent, as somebody on their way could.</summary>
internal sealed class RecordingEgress(IDatagramEgress below, ConcurrentQueue<byte[]> recorded) : IDatagramEgress
{
    public string? Impairment => below.Impairment;

    public MonoTime NextDue => below.NextDue;

    public Span<byte> Draft => below.Draft;

    public void Send(MonoTime now, NetAddress to, int length)
    {
        if (recorded.Count < FloodLimits.Recorded)
            recorded.Enqueue(below.Draft[..length].ToArray());
        below.Send(now, to, length);
    }

    public bool TryFlush(MonoTime now) => below.TryFlush(now);
}
