using WeCan.Contracts;

namespace WeCan.Controller.Routing.Policy;

/// <summary>How the load of a link raises what it costs.</summary>
internal sealed record LoadPolicy
{
    /// <summary>What a link carries is taken as its sender measured it, where no rule says it.</summary>
    public bool Measured { get; init; }

    /// <summary>The part of what it carries from which on it costs more.</summary>
    public double From { get; init; } = PolicyLimits.LoadFrom;

    /// <summary>The part at which it is full.</summary>
    public double Full { get; init; } = PolicyLimits.LoadFull;

    /// <summary>What a full one costs more.</summary>
    public Duration Time { get; init; } = PolicyLimits.LoadTime;
}
