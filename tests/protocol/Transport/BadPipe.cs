using WeCan.Contracts;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>What a pipe does to packets. Probabilities per packet.</summary>
internal sealed record PipeFaults
{
    public static readonly PipeFaults None = new();

    public double Loss { get; init; }

    public double Duplicate { get; init; }

    /// <summary>Some packets come seconds later than the rest.</summary>
    public double Straggle { get; init; }

    public double Mark { get; init; }

    /// <summary>A hop says of a packet that it is strained.</summary>
    public double Strain { get; init; }

    public Duration Delay { get; init; } = Duration.FromMilliseconds(20);

    public Duration Jitter { get; init; } = Duration.Zero;

    public Duration StraggleDelay { get; init; } = Duration.FromSeconds(4);

    public static PipeFaults Random(SimRandom random) => new()
    {
        Loss = random.Chance(0.3) ? 0 : random.Unit() * 0.35,
        Duplicate = random.Chance(0.3) ? 0 : random.Unit() * 0.3,
        Straggle = random.Chance(0.5) ? 0 : random.Unit() * 0.05,
        Mark = random.Chance(0.7) ? 0 : random.Unit() * 0.2,
        Delay = Duration.FromMilliseconds(1 + random.Below(150)),
        Jitter = Duration.FromMilliseconds(random.Below(100)),
    };
}

internal readonly record struct PipedPacket(
    int From, int To, ServiceClass Class, MonoTime Deadline, bool Marked, byte[] Bytes)
{
    public bool IsMulticast { get; init; }

    public bool Strained { get; init; }
}

/// <summary>Carries packets between numbered nodes on virtual time and does them every harm that its faults name.</summary>
internal sealed class BadPipe(SimRandom random)
{
    private readonly PriorityQueue<PipedPacket, (long At, long Order)> _flying = new();
    private long _order;

    public PipeFaults Faults { get; set; } = PipeFaults.None;

    public bool IsCut { get; set; }

    public MonoTime Next => _flying.TryPeek(out _, out var key) ? new MonoTime(key.At) : MonoTime.Never;

    public void Send(MonoTime now, PipedPacket packet, PipeFaults faults)
    {
        if (IsCut || random.Chance(faults.Loss))
            return;
        for (var copies = random.Chance(faults.Duplicate) ? 2 : 1; copies > 0; copies--)
        {
            var delay = faults.Delay + (faults.Jitter * random.Unit());
            if (random.Chance(faults.Straggle))
                delay += faults.StraggleDelay * random.Unit();
            _flying.Enqueue(packet with { Marked = random.Chance(faults.Mark), Strained = faults.Strain > 0 && random.Chance(faults.Strain) }, ((now + delay).Nanoseconds, _order++));
        }
    }

    public bool TryArrive(MonoTime now, out PipedPacket packet) =>
        Next <= now ? _flying.TryDequeue(out packet, out _) : NoPacket(out packet);

    private static bool NoPacket(out PipedPacket packet)
    {
        packet = default;
        return false;
    }
}
