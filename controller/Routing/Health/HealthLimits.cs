using WeCan.Contracts;

namespace WeCan.Controller.Routing.Health;

/// <summary>When a node is taken out of others' ways, and when it is let back.</summary>
internal static class HealthLimits
{
    /// <summary>Peers that must agree: one alone may be what fails, or lie.</summary>
    public const int LeastVotes = 3;

    /// <summary>A node is well again where at most one in so many of its peers complains.</summary>
    public const int WellPart = 5;

    /// <summary>A link that loses more than this, in millionths, is no good link.</summary>
    public const uint BadLoss = 200_000;

    /// <summary>At most this part of a region is out at once: a fifth.</summary>
    public const int MostPart = 5;

    /// <summary>How often all evidence is looked at, where no link has died.</summary>
    public static readonly Duration JudgeInterval = Duration.FromSeconds(1);

    /// <summary>A lost link is held against its other end for so long; then it is one that there never was.</summary>
    public static readonly Duration LossKept = Duration.FromSeconds(60);

    /// <summary>Who was out must have been well for so long without a break.</summary>
    public static readonly Duration Probation = Duration.FromSeconds(30);

    /// <summary>Each relapse doubles the probation, up to this.</summary>
    public static readonly Duration LongestProbation = Duration.FromSeconds(600);

    /// <summary>Who has been in for so long begins anew.</summary>
    public static readonly Duration Forgiveness = Duration.FromSeconds(600);
}
