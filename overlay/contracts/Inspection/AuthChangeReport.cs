namespace WeCan.Contracts.Inspection;

/// <summary>What became of a change of keys or revocations.</summary>
/// <param name="Version">The version that holds from now on.</param>
/// <param name="Done">What was done; empty where all was so already.</param>
public sealed record AuthChangeReport(ulong Version, IReadOnlyList<string> Done);
