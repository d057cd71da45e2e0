using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>A copy of a message that waits until its subscription may have it.</summary>
internal sealed class WaitingMessage
{
    public required PublisherName Publisher { get; init; }

    public required ulong Number { get; init; }

    public required MessageTraits Traits { get; init; }

    public required byte[] Subject { get; init; }

    public required byte[] Payload { get; init; }

    public required byte[] Extras { get; init; }

    public int Bytes => Subject.Length + Payload.Length + Extras.Length;
}
