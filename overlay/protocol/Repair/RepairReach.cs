using WeCan.Contracts;

namespace WeCan.Protocol.Repair;

/// <summary>
/// Whether a link is strained: whether runs of losses that are longer than its repair can bring back in time are frequent. Losses that come
/// one by one never strain a link, however many they are, nor do bursts where there is time for a repair after the longest of them.
/// </summary>
internal static class RepairReach
{
    /// <param name="conditions">What the link knows of itself.</param>
    /// <param name="untilLastUseful">From a packet's sending until its repair must leave at the latest.</param>
    public static bool IsShort(in RepairConditions conditions, Duration untilLastUseful)
    {
        var gap = Math.Max(conditions.PacketGap.Nanoseconds, 1) / 1e9;
        var runs = conditions.Loss / conditions.Burst / gap;
        return runs * Math.Pow(1 - (1 / conditions.Burst), LongestCarried(gap, conditions.Feedback, untilLastUseful)) > RepairLimits.OutrunsAtMost;
    }

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
