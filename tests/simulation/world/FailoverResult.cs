namespace WeCan.Simulation.World;

/// <summary>What one run of failover.wan did to the flows.</summary>
/// <param name="SignalWrong">Signal messages lost, repeated or out of order.</param>
/// <param name="LostByDeath">Realtime messages missed from the silent death of the way in use until it has healed.</param>
/// <param name="LostByHealing">Those missed from then until the next death.</param>
/// <param name="WorstSecond">The share missed in the worst second of those in which the only good way loses bursts, the first left out.</param>
/// <param name="FirstSecond">The share missed in that first one, in which a link dies and another turns bad.</param>
public sealed record FailoverResult(int SignalWrong, int LostByDeath, int LostByHealing, double WorstSecond, double FirstSecond);
