using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>What a handshake settled about a link, and how this node runs it.</summary>
/// <param name="Id">What this node chose to be called by the peer.</param>
/// <param name="PeerId">What the peer chose.</param>
/// <param name="PeerAddress">Where the handshake's last message came from.</param>
/// <param name="IsInitiator">This side began: it speaks first, and it begins every change of keys.</param>
/// <param name="Coalesces">Joins small packets into one datagram; off only where a bench measures single packets.</param>
/// <param name="HandshakeRtt">A first round-trip time; zero when unknown.</param>
/// <param name="LongestRtt">What the round-trip time was at the most, however often the handshake's messages were repeated; zero when unknown.</param>
/// <param name="FirstTime">The peer's clock in the handshake's last message from it, as a TIME frame would say it; null when unknown.</param>
/// <param name="ShortestSilence">A shorter silence never ends the link; zero for <see cref="LinkLimits.DeadAfter"/>.</param>
/// <param name="Budget">What the node spends on showing life; null for a link that is always idle.</param>
/// <param name="MaxDatagram">The largest datagram that is tried; 0 for the largest that there is.</param>
internal readonly record struct LinkOptions(
    LinkId Id, LinkId PeerId, NetAddress PeerAddress, bool IsInitiator, bool Coalesces, Duration HandshakeRtt, Duration LongestRtt = default, uint? FirstTime = null, Duration ShortestSilence = default, ProbeBudget? Budget = null, int MaxDatagram = 0);
