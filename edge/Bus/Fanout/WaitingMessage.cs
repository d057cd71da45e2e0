using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
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

    /// <summary>From then on it is worth nothing; never past where it has no end.</summary>
    public required MonoTime Expires { get; init; }

    /// <summary>Whose it is, where that is a client of this edge.</summary>
    public required SessionPublishing? Source { get; init; }

    /// <summary>Its publisher gets no confirmation before it was taken.</summary>
    public bool IsHolding { get; set; }

    /// <summary>Its place among those that wait for the same subscription.</summary>
    public ulong Arrival { get; set; }

    /// <summary>With what it takes beside its own bytes, so that many short ones count as what they are.</summary>
    public int Bytes => BusLimits.WaitingOverhead + Subject.Length + Payload.Length + Extras.Length;
}
