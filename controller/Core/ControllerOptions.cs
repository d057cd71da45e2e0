using WeCan.Contracts;

namespace WeCan.Controller.Core;

/// <summary>How a controller runs. What its network is stands in its store.</summary>
internal sealed record ControllerOptions
{
    /// <summary>This controller's name, for people.</summary>
    public string Name { get; init; } = "controller";

    /// <summary>Where nodes reach the controllers of this network.</summary>
    public IReadOnlyList<string> Controllers { get; init; } = [];

    public Duration CertificateLife { get; init; } = ControllerLimits.CertificateLife;

    public Duration Rest { get; init; } = ControllerLimits.Rest;

    public int KeptChanges { get; init; } = ControllerLimits.KeptChanges;
}
