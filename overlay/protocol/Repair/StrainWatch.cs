using WeCan.Contracts;

namespace WeCan.Protocol.Repair;

/// <summary>
/// What a link knows of its strain, weighed anew no more often than every <see cref="RepairLimits.StrainDecision"/>: each Realtime packet of a
/// link asks, and what the losses demand changes with a thousand packets. Driven by the link's sender.
/// </summary>
internal struct StrainWatch
{
    private MonoTime _nextAt;

    /// <summary>The conditions that were weighed.</summary>
    public RepairConditions Conditions { get; private set; }

    /// <inheritdoc cref="RepairReach.Needed"/>
    public double Needed { get; private set; }

    /// <summary>Some repair is always within reach, so no packet is short of it where no longer run needs any.</summary>
    public readonly bool IsPossible => Needed > 1;

    public readonly bool IsDue(MonoTime now) => now >= _nextAt;

    public void Weigh(MonoTime now, in RepairConditions conditions)
    {
        (Conditions, Needed) = (conditions, RepairReach.Needed(conditions));
        _nextAt = now + RepairLimits.StrainDecision;
    }
}
