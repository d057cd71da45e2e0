using WeCan.Contracts;

namespace WeCan.Simulation;

/// <summary>One thing that happened, for whoever watches: two runs that should be one differ first where these do.</summary>
/// <param name="At">True time.</param>
/// <param name="Host">Whom it happened to, or -1.</param>
/// <param name="Peer">The datagram's other end.</param>
/// <param name="Detail">The datagram's length, or the boot epoch.</param>
/// <param name="Fingerprint">Of the run up to and with this event.</param>
public readonly record struct SimEvent(SimEventKind Kind, MonoTime At, int Host, NetAddress Peer, long Detail, ulong Fingerprint);
