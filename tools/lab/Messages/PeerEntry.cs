namespace WeCan.Lab.Messages;

/// <summary>One neighbour of a node.</summary>
/// <param name="IsDialled">The node that gets this begins the handshake.</param>
internal sealed record PeerEntry(string Name, string Address, string Key, bool IsDialled);
