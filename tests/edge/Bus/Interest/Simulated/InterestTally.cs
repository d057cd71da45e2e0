using WeCan.Edge.Bus.Interest;

namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

/// <summary>What happened in a world, to see that it was worth judging.</summary>
internal sealed class InterestTally
{
    public long Subscribed { get; set; }

    public long Confirmed { get; set; }

    public long Published { get; set; }

    public long Held { get; set; }

    /// <summary>Publishes that had to reach an edge, each counted for each.</summary>
    public long Checked { get; set; }

    /// <summary>Publishes by an edge that did not have the newest membership.</summary>
    public long Behind { get; set; }

    public long Crashes { get; set; }

    public long Partitions { get; set; }

    public long Breaks { get; set; }

    public long MembershipChanges { get; set; }

    public long Messages { get; set; }

    public long Bytes { get; set; }

    public long Wakes { get; set; }

    public double SlowestConfirmation { get; set; }

    public int MostSlices { get; set; }

    public int MostEntries { get; set; }

    public void Largest(InterestSizes sizes)
    {
        MostSlices = Math.Max(MostSlices, sizes.Slices);
        MostEntries = Math.Max(MostEntries, sizes.Entries);
    }

    public override string ToString() =>
        $"subscribed {Subscribed}, confirmed {Confirmed} (slowest {SlowestConfirmation:F2} s), published {Published}, held {Held}, checked {Checked}, behind {Behind}, crashes {Crashes}, "
        + $"partitions {Partitions}, breaks {Breaks}, memberships {MembershipChanges}, messages {Messages}, bytes {Bytes}, wakes {Wakes}, slices {MostSlices}, entries {MostEntries}";
}
