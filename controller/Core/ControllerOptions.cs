using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.History;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Core;

/// <summary>How a controller runs. What its network is stands in its store.</summary>
internal sealed record ControllerOptions
{
    /// <summary>This controller's name, for people.</summary>
    public string Name { get; init; } = "controller";

    /// <summary>Where nodes reach the controllers of this network.</summary>
    public IReadOnlyList<string> Controllers { get; init; } = [];

    /// <summary>The authorities' certificates whose signature counts, the one that signs first.</summary>
    public IReadOnlyList<byte[]> Authorities { get; init; } = [];

    /// <summary>Who signs.</summary>
    public Fingerprint Issuer => Authorities.Count > 0 ? Fingerprint.Of(Authorities[0]) : default;

    public Duration CertificateLife { get; init; } = ControllerLimits.CertificateLife;

    public Duration Rest { get; init; } = ControllerLimits.Rest;

    /// <summary>Nothing can be kept now: members are served as they were, and nothing of them changes.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Another controller leads, and every node is sent away with this sentence; empty where this one leads.</summary>
    public string StandsBy { get; init; } = "";

    /// <summary>What is wanted of routes until another policy is set.</summary>
    public PolicyDocument Policy { get; init; } = PolicyDocument.Default;

    /// <summary>Keeps what nodes report for later questions; null where nothing is kept.</summary>
    public HistoryRecorder? History { get; init; }

    public int KeptChanges { get; init; } = ControllerLimits.KeptChanges;
}
