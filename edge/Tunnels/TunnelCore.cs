using WeCan.Contracts;
using WeCan.Edge.Tunnels.Datagrams;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Edge.Tunnels.Streams;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tunnels;

/// <summary>
/// All tunnels of one node, without I/O and clock: what comes in here and leaves elsewhere, and the other way round. Its host hands it
/// what the node delivers and tells, and the time; whoever has the local sockets hands those to <see cref="Entry"/>,
/// <see cref="Exit"/>, <see cref="DatagramEntry"/> and <see cref="DatagramExit"/>. Nothing that another edge sends makes it throw, wait,
/// or hold more than <see cref="TunnelLimits"/> allows.
/// </summary>
internal sealed class TunnelCore
{
    private readonly StreamSwitch _streams;

    public TunnelCore(BootEpoch epoch, IStreamDialler streams, IDatagramDialler datagrams, StreamShared? shared = null)
    {
        Streams = shared ?? new StreamShared(new TunnelCounters());
        Entry = new TunnelEntry(Streams, epoch);
        Exit = new TunnelExit(Streams, streams);
        _streams = new StreamSwitch(Streams, Entry, Exit);
        var flows = new RealtimeFlows(Counters);
        DatagramEntry = new DatagramEntry(Counters, flows, epoch);
        DatagramExit = new DatagramExit(Counters, flows) { Dialler = datagrams };
    }

    public TunnelCounters Counters => Streams.Counters;

    public StreamShared Streams { get; }

    public TunnelEntry Entry { get; }

    public TunnelExit Exit { get; }

    public DatagramEntry DatagramEntry { get; }

    public DatagramExit DatagramExit { get; }

    public MonoTime NextTimeout => MonoTime.Min(Entry.NextTimeout, MonoTime.Min(DatagramEntry.NextTimeout, DatagramExit.NextTimeout));

    public void HandleTimeout(Node node, MonoTime now)
    {
        Entry.HandleTimeout(node, now);
        DatagramEntry.HandleTimeout(now);
        DatagramExit.HandleTimeout(now);
    }

    /// <summary>False when the message is none of a tunnel's.</summary>
    public bool TryHandleMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
        var kind = message.Payload.IsEmpty ? TunnelKind.None : message.Payload[0];
        if (message.Class == ServiceClass.Realtime)
            return TryHandleDatagram(node, now, message, kind);
        if (!TunnelKind.IsOfStreams(kind) && !Streams.TryFind(message.Flow, out _))
            return false;
        _streams.HandleMessage(node, now, message);
        return true;
    }

    public void HandleEvent(Node node, MonoTime now, in TransportEvent happened) => _streams.HandleEvent(node, now, happened);

    /// <summary>The edge stops: what is still open is reset at both ends.</summary>
    public void AbortAll(Node node, MonoTime now)
    {
        _streams.AbortAll(node, now);
        DatagramExit.CloseAll();
    }

    private bool TryHandleDatagram(Node node, MonoTime now, in ReceivedMessage message, byte kind)
    {
        if (!TunnelKind.IsOfDatagrams(kind))
            return false;
        if (kind == TunnelKind.Forth)
            DatagramExit.HandleForth(node, now, message);
        else if (kind == TunnelKind.First)
            DatagramExit.HandleFirst(node, now, message);
        else
            DatagramEntry.HandleMessage(now, message);
        return true;
    }
}
