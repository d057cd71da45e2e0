using WeCan.Contracts;

namespace WeCan.Protocol.Repair;

/// <summary>
/// Whether a link is strained: whether runs of losses that are longer than its repair can bring back in time are frequent. Losses that come
/// one by one never strain a link, however many they are, nor do bursts where there is time for a repair after the longest of them. What the
/// losses demand is reckoned once and holds for every packet under the same conditions, as only the time that is left differs.
/// </summary>
internal static class RepairReach
{
    /// <summary>How many packets lost in a row repair must bring back, so that longer runs are rare enough; less than one where no run needs it.</summary>
    public static double Needed(in RepairConditions conditions)
    {
        if (conditions.Burst <= 1)
            return 0;
        var runs = conditions.Loss / conditions.Burst / GapOf(conditions);
        return Math.Log(RepairLimits.OutrunsAtMost / runs) / Math.Log(1 - (1 / conditions.Burst));
    }

    /// <param name="needed">What <see cref="Needed"/> says of the conditions.</param>
    /// <param name="conditions">What the link knows of itself.</param>
    /// <param name="untilLastUseful">From a packet's sending until its repair must leave at the latest.</param>
    public static bool IsShort(double needed, in RepairConditions conditions, Duration untilLastUseful) =>
        LongestCarried(GapOf(conditions), conditions.Feedback, untilLastUseful) < needed;

    private static double GapOf(in RepairConditions conditions) => Math.Max(conditions.PacketGap.Nanoseconds, 1) / 1e9;

    /// <summary>How many packets lost in a row repair can bring back: of the time for it only a part serves, as repairs are lost too and others are sent beside them.</summary>
    private static double LongestCarried(double gap, Duration feedback, Duration untilLastUseful)
    {
        var time = (untilLastUseful - feedback).Nanoseconds / 1e9;
        if (time >= 0)
            return Math.Max(RepairLimits.MostPerLoss, time / gap * RepairLimits.ReachShare);
        var ahead = Math.Clamp(untilLastUseful.Nanoseconds / 1e9 / gap, 0, RepairLimits.MaxAhead);
        return Math.Max(1, ahead * RepairLimits.MostAhead * RepairLimits.ReachShare);
    }
}
