namespace WeCan.Lab.Wan;

/// <summary>One statement of the scenario language that can happen while a network runs, with its hosts as numbers.</summary>
/// <param name="First">The host, or where the link or path begins.</param>
/// <param name="Second">Where the link or path ends.</param>
/// <param name="Patch">What changes, for Default, Link and Path.</param>
public sealed record ScenarioChange(ScenarioChangeKind Kind, int First = 0, int Second = 0, LinkPatch? Patch = null)
{
    /// <summary>True for what happens to a host's program and not to the network.</summary>
    public bool IsProcessChange => Kind is ScenarioChangeKind.Crash or ScenarioChangeKind.Restart;
}
