using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>A message on its way through this edge; its bytes are lent.</summary>
internal readonly ref struct BusMessage
{
    public required PublisherName Publisher { get; init; }

    public required ulong Number { get; init; }

    public required MessageTraits Traits { get; init; }

    public required ReadOnlySpan<byte> Subject { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    public required ReadOnlySpan<byte> Extras { get; init; }

    /// <summary>From then on it is worth nothing to who does not have it.</summary>
    public required MonoTime Expires { get; init; }

    /// <summary>Who waits for its confirmation, where that is a client of this edge; nobody does for a Realtime message.</summary>
    public required SessionPublishing? Source { get; init; }

    public static BusMessage Of(WaitingMessage waiting) => new()
    {
        Publisher = waiting.Publisher,
        Number = waiting.Number,
        Traits = waiting.Traits,
        Subject = waiting.Subject,
        Payload = waiting.Payload,
        Extras = waiting.Extras,
        Expires = waiting.Expires,
        Source = waiting.Source,
    };

    public WaitingMessage Keep() => new()
    {
        Publisher = Publisher,
        Number = Number,
        Traits = Traits,
        Subject = Subject.ToArray(),
        Payload = Payload.ToArray(),
        Extras = Extras.ToArray(),
        Expires = Expires,
        Source = Source,
    };
}
