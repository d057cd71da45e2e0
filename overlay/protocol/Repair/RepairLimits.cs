using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Repair;

/// <summary>Bounds and aims of repair: tuning, not specification.</summary>
internal static class RepairLimits
{
    /// <summary>Lost symbols of a class that are under repair at a time; what is lost beyond is sent again plainly.</summary>
    public const int MaxPending = WireLimits.MaxRepairSymbols;

    /// <summary>Repairs under way at a time; more wait.</summary>
    public const int MaxRecords = 64;

    /// <summary>Symbols that one repair covers.</summary>
    public const int MaxCovered = MaxPending;

    /// <summary>Symbols that redundancy ahead covers.</summary>
    public const int MaxAhead = 48;

    /// <summary>The share of packets that may stay lost for good where one more round fits.</summary>
    public const double Residual = 2e-5;

    /// <summary>The share of packets that may stay lost for good where redundancy must go ahead.</summary>
    public const double ResidualAhead = 1e-3;

    /// <summary>Redundancy ahead is at most this share of what it protects, or one for each packet where packets are few.</summary>
    public const double MostAhead = 0.45;

    /// <summary>Repairs for one round, for each lost symbol, at most.</summary>
    public const int MostPerLoss = 6;

    /// <summary>Repairs for one round beyond the lost symbols, at most.</summary>
    public const int MostBeyondLost = 24;

    /// <summary>A round may fail so often, however rare losses are.</summary>
    public const double MostFailure = 0.02;

    /// <summary>Runs of losses from which anything is said about how long they are.</summary>
    public const double LeastRuns = 4;

    /// <summary>The part of the packets that fit into the time for repairs which can be repairs that arrive and are new.</summary>
    public const double ReachShare = 0.5;

    /// <summary>Runs in a second that are longer than repair reaches, from which a link is strained.</summary>
    public const double OutrunsAtMost = 0.25;

    /// <summary>Repair may take this share of what a class sends, once <see cref="BudgetBurst"/> is spent.</summary>
    public const double BudgetShare = 0.75;

    /// <summary>Repair that is always allowed, so that a thin flow is protected too.</summary>
    public static readonly Bandwidth BudgetFloor = new(64_000);

    /// <summary>Bytes of repair that may go at once.</summary>
    public const int BudgetBurst = 96 * 1_024;

    /// <summary>Where the budget is spent, a repair asks again after so long.</summary>
    public static readonly Duration BudgetRetry = Duration.FromMilliseconds(5);

    /// <summary>Redundancy is decided again after so long.</summary>
    public static readonly Duration AheadDecision = Duration.FromMilliseconds(50);

    /// <summary>What the losses demand of repair is weighed again after so long.</summary>
    public static readonly Duration StrainDecision = Duration.FromMilliseconds(2);

    /// <summary>How much before its last useful moment redundancy goes, at most.</summary>
    public static readonly Duration AheadMargin = Duration.FromMilliseconds(4);

    /// <summary>What a node adds to the way of a packet beside the link's delay.</summary>
    public static readonly Duration Handling = Duration.FromMilliseconds(1);
}
