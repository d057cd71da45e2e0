using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>Who this node is in all its handshakes: its static key, its number and its present life. The key stays its creator's to dispose of.</summary>
public sealed record NodeIdentity(P256KeyPair Key, NodeId Node, BootEpoch Epoch);
