using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// A message that arrived, lent to the application: <see cref="Payload"/> is valid until the next call of
/// TryReceive on the layer that gave it.
/// </summary>
public readonly ref struct ReceivedMessage
{
    internal ReceivedMessage(FlowId flow, ServiceClass serviceClass, ulong number, MonoTime deadline, ReadOnlySpan<byte> payload)
    {
        Flow = flow;
        Class = serviceClass;
        Number = number;
        Deadline = deadline;
        Payload = payload;
    }

    public FlowId Flow { get; }

    public ServiceClass Class { get; }

    /// <summary>The message's place in its flow, counted from 1. Zero for Realtime, where messages may be missing.</summary>
    public ulong Number { get; }

    /// <summary>Until when the message is worth something, on this node's clock; never past for Signal and Bulk.</summary>
    public MonoTime Deadline { get; }

    public ReadOnlySpan<byte> Payload { get; }
}
