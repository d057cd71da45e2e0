using WeCan.Contracts;

namespace WeCan.Protocol.Repair;

/// <summary>What a link knows of itself that decides how to repair.</summary>
/// <param name="Feedback">From the sending of a packet until its loss is known.</param>
/// <param name="OneWay">From sending to arrival, with what jitter may add.</param>
/// <param name="PacketGap">From one packet to the next, at the mean while there is traffic.</param>
/// <param name="Loss">The share of packets lost.</param>
/// <param name="Burst">How many are lost in a row, at the mean.</param>
internal readonly record struct RepairConditions(Duration Feedback, Duration OneWay, Duration PacketGap, double Loss, double Burst);
