using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Core;

/// <summary>An operator asks for a token.</summary>
internal sealed record TokenOrder
{
    public required NodeRole Role { get; init; }

    public string Name { get; init; } = "";

    public string Region { get; init; } = "";

    public string Site { get; init; } = "";

    public string Operator { get; init; } = "";

    public int Uses { get; init; } = 1;

    public Duration ValidFor { get; init; } = Duration.FromSeconds(3600);

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem()
    {
        if (Uses is < 1 or > ControllerLimits.MaxTokenUses)
            return $"A token lets in 1 to {ControllerLimits.MaxTokenUses} nodes, not {Uses}: write --uses 1.";
        if (ValidFor < Duration.FromSeconds(1) || ValidFor > ControllerLimits.MaxTokenLife)
            return $"A token is valid for 1 second to 365 days, not {ValidFor}: write --valid 1h.";
        if (Name.Length > 0 && Uses > 1)
            return "A token with a name lets one node in: leave --name out, or --uses.";
        return Labels.Problem(Name, Region, Site, Operator);
    }
}
