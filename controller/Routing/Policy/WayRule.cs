namespace WeCan.Controller.Routing.Policy;

/// <summary>
/// Through where traffic may pass that begins in one of some regions and ends in one of some: each relay on its way is in one of the
/// regions and run by one of the operators that the rule names. All rules count that fit.
/// </summary>
internal sealed record WayRule
{
    /// <summary>Where it begins; empty for anywhere.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Where it ends; empty for anywhere.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>The regions that it may pass; empty for any.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The operators whose relays it may pass; empty for any.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];

    public bool SaysNothing => Regions.Count == 0 && Operators.Count == 0;

    public bool Fits(string from, string to) => (From.Count == 0 || From.Contains(from, StringComparer.Ordinal)) && (To.Count == 0 || To.Contains(to, StringComparer.Ordinal));
}
