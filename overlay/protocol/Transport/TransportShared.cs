using System.Buffers;
using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>What all flows of one layer share: its life and options, the counters, the pools and budgets, and the lines they stand in.</summary>
internal sealed class TransportShared(BootEpoch self, TransportOptions options)
{
    public BootEpoch Self { get; } = self;

    public TransportOptions Options { get; } = options;

    public TransportCounters Counters { get; } = new();

    public TransmitScheduler Scheduler { get; } = new(options.IsOneHop);

    public TimerHeap Timers { get; } = new();

    public EventQueue Events { get; } = new();

    public ReceiveQueue Received { get; } = new();

    public SegmentPool Segments { get; } = new();

    public BlockPool<SendSegment> SendBlocks { get; } = new();

    public BlockPool<RealtimeSegment> RealtimeBlocks { get; } = new();

    public BlockPool<AheadSegment> AheadBlocks { get; } = new();

    public BlockPool<QueuedMessage> MessageBlocks { get; } = new();

    public BlockPool<MulticastSegment> MulticastBlocks { get; } = new();

    public BlockPool<MulticastHole> HoleBlocks { get; } = new();

    public BlockPool<MulticastAhead> MulticastAheadBlocks { get; } = new();

    /// <summary>Sets of destinations of multicast messages, by slot.</summary>
    public BlockPool<ulong> TargetBlocks { get; } = new();

    public MulticastPriors MulticastPriors { get; } = new();

    public MulticastEdges Edges { get; } = new();

    public ReceiveMemory ReceiveMemory { get; } = new(options.ReceiveMemory, options.ReceiveMemoryPerOrigin, new(options.FairParts));

    public SendMemory SendMemory { get; } = new(options.SendMemory, new(options.FairParts));

    public RealtimeBacklog Backlog { get; } = new();

    public RealtimeJoins Joins { get; } = new(options.JoinMemory, options.JoinMemoryPerOrigin > 0 ? options.JoinMemoryPerOrigin : options.JoinMemory / 4, new(options.FairParts));

    /// <summary>Flows whose next segment is here and waits for memory. Each stands here once.</summary>
    public Queue<InboundFlow> Starved { get; } = new();

    /// <summary>Moves that the host was not told of yet.</summary>
    public Queue<PathMove> PathMoves { get; } = new();

    /// <summary>Tells the host; if it does not listen, the oldest news goes.</summary>
    public void Tell(PathMove move)
    {
        Counters.PathMoves++;
        if (PathMoves.Count >= PathLimits.MaxMoves)
            PathMoves.Dequeue();
        PathMoves.Enqueue(move);
    }

    /// <summary>Gives back what a message held that was taken or dropped.</summary>
    public void Release(Peer peer, in QueuedMessage message)
    {
        if (message.Place >= 0)
        {
            Segments.Return(message.Place);
            ReceiveMemory.Give(peer, SegmentPool.PlaceBytes);
        }

        if (message.Buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(message.Buffer);
        if (message.IsRealtime)
            Joins.Give(peer, message.BufferBytes);
        else
            ReceiveMemory.Give(peer, message.BufferBytes);
    }
}
