using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Protocol.Crypto;

namespace WeCan.Runtime.Membership;

/// <summary>A member as it is from now on, its key checked, or that a number is none any more (<see cref="Member"/> is null).</summary>
internal readonly record struct PeerChange(NodeId Number, Member? Member, P256PublicKey Key);
