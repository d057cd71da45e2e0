namespace WeCan.Contracts.Inspection;

/// <summary>What was taken back of tokens before their ends.</summary>
/// <param name="Version">How often keys and revocations have changed since the network was made.</param>
/// <param name="Edges">Edges that are connected and ask for them.</param>
/// <param name="EdgesCurrent">Of these, those that have this version on their disks.</param>
/// <param name="Total">How many there are of what was asked for; not all may be listed.</param>
/// <param name="Revocations">By space and name.</param>
public sealed record AuthRevocationsReport(ulong Version, int Edges, int EdgesCurrent, int Total, IReadOnlyList<AuthRevocationEntry> Revocations);
