using System.Globalization;
using WeCan.Contracts;

namespace WeCan.Runtime.Impairment;

/// <summary>How a lab wants the datagrams that leave a node to fare. Shares are of all datagrams, each drawn by itself.</summary>
public sealed record ImpairmentOptions
{
    /// <summary>The share that is lost, from 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>How many are lost in a row, on average; 1 loses each by itself.</summary>
    public double Burst { get; init; } = 1;

    /// <summary>The share that leaves twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>The share that is held back by <see cref="ReorderBy"/> more, so that later ones overtake it.</summary>
    public double Reorder { get; init; }

    public Duration ReorderBy { get; init; } = Duration.FromMilliseconds(5);

    public Duration Delay { get; init; }

    /// <summary>More delay, evenly drawn from nothing to this; datagrams that are nearer to each other may change places.</summary>
    public Duration Jitter { get; init; }

    /// <summary>What passes in a second, IP's and UDP's headers included; zero for no bound. What is over it waits in a queue.</summary>
    public Bandwidth Rate { get; init; }

    /// <summary>How long that queue is; what would wait longer is lost.</summary>
    public Duration Queue { get; init; } = Duration.FromMilliseconds(100);

    /// <summary>What chance begins with; the same seed gives the same fates to the same datagrams.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>For an operator: all that is done to datagrams, in one line.</summary>
    public override string ToString()
    {
        List<string> parts = [];
        AddShare(Loss, Burst > 1 ? string.Create(CultureInfo.InvariantCulture, $"lost in bursts of {Burst:0.#}") : "lost");
        AddShare(Duplicate, "twice");
        AddShare(Reorder, string.Create(CultureInfo.InvariantCulture, $"held back by {ReorderBy.Milliseconds:0.##} ms"));
        AddTime(Delay, "delay");
        AddTime(Jitter, "jitter");
        if (Rate > Bandwidth.Zero)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"at most {Rate} with {Queue.Milliseconds:0.###} ms of queue"));
        return parts.Count == 0 ? "nothing is done to datagrams" : string.Join(", ", parts);

        void AddShare(double share, string what)
        {
            if (share > 0)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.###} % {what}"));
        }

        void AddTime(Duration time, string what)
        {
            if (time > Duration.Zero)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{time.Milliseconds:0.###} ms {what}"));
        }
    }

    internal void Validate()
    {
        RequireShare(Loss, nameof(Loss));
        RequireShare(Duplicate, nameof(Duplicate));
        RequireShare(Reorder, nameof(Reorder));
        RequireTime(ReorderBy, nameof(ReorderBy));
        RequireTime(Delay, nameof(Delay));
        RequireTime(Queue, nameof(Queue));
        if (!(Burst is >= 1 and <= RuntimeLimits.MaxImpairedBurst))
            throw new ArgumentException($"Impairment option {nameof(Burst)} must be a number from 1 to {RuntimeLimits.MaxImpairedBurst}.", nameof(Burst));
        RequireTime(Jitter, nameof(Jitter));
    }

    private static void RequireShare(double share, string name)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentException($"Impairment option {name} must be a share from 0 to 1, such as 0.05 for 5 %.", name);
    }

    private static void RequireTime(Duration time, string name)
    {
        if (time < Duration.Zero || time > RuntimeLimits.MaxImpairedDelay)
            throw new ArgumentException($"Impairment option {name} must be a time from 0 to {RuntimeLimits.MaxImpairedDelay.Milliseconds:0} ms.", name);
    }
}
