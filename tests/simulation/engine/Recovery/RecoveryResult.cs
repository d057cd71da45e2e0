using WeCan.Contracts;

namespace WeCan.Simulation.Recovery;

/// <summary>What became of the packets of one run.</summary>
/// <param name="Sent">Messages handed to the first node.</param>
/// <param name="Missed">Of these, lost or later than the deadline, by true time.</param>
/// <param name="Wire">IP bytes sent forward over those of plain UDP, on the hop where it is most.</param>
/// <param name="Delays">How long each delivered message took, in no order.</param>
public sealed record RecoveryResult(int Sent, int Missed, double Wire, IReadOnlyList<Duration> Delays);
