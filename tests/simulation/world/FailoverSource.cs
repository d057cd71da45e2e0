using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.World;

/// <summary>A program that sends numbered messages of two classes to one node at an even pace: Signal, and Realtime over one way or two.</summary>
internal sealed class FailoverSource(NodeId destination, int paths, MonoTime first, int count)
{
    public const int PerSecond = 400;
    private const int SignalBytes = 200;
    private const int RealtimeBytes = 1_200;

    private static readonly Duration Every = Duration.FromSeconds(1) / PerSecond;

    private readonly byte[] _message = new byte[RealtimeBytes];
    private FlowHandle _signal;
    private FlowHandle _realtime;
    private int _next;

    public static Duration Deadline { get; } = Duration.FromMilliseconds(200);

    /// <summary>When each Realtime message was sent, on this host's clock.</summary>
    public List<MonoTime> SentAt { get; } = new(count);

    /// <summary>Signal messages that the node took.</summary>
    public int Accepted { get; private set; }

    public MonoTime NextTimeout => _next < count ? first + (Every * _next) : MonoTime.Never;

    public void HandleTimeout(Node node, MonoTime now)
    {
        while (NextTimeout <= now)
            SendBoth(node, now);
    }

    private void SendBoth(Node node, MonoTime now)
    {
        if (_next == 0 && (node.OpenStream(destination, ServiceClass.Signal, 4, out _signal) != OpenResult.Opened
            || node.OpenRealtime(destination, 4, Deadline, out _realtime, paths) != OpenResult.Opened))
        {
            throw new InvalidOperationException("A node without flows refuses the first ones.");
        }

        BinaryPrimitives.WriteInt32BigEndian(_message, _next++);
        SentAt.Add(now);
        node.Send(now, _realtime, _message, out _);
        BinaryPrimitives.WriteInt32BigEndian(_message, Accepted);
        Accepted += node.Send(now, _signal, _message.AsSpan(0, SignalBytes), out _) == SendResult.Accepted ? 1 : 0;
    }
}
