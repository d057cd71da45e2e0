namespace WeCan.Contracts.Inspection;

/// <summary>The keys that clients' tokens are signed with.</summary>
/// <param name="Version">How often keys and revocations have changed since the network was made.</param>
/// <param name="Edges">Edges that are connected and ask for them.</param>
/// <param name="EdgesCurrent">Of these, those that have this version on their disks.</param>
/// <param name="Keys">By their names.</param>
public sealed record AuthKeysReport(ulong Version, int Edges, int EdgesCurrent, IReadOnlyList<AuthKeyEntry> Keys);
