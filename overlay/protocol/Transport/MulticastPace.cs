using System.Numerics;
using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// When a multicast flow may send its next segment, and who leaves the multicast. A segment waits while a destination in
/// step that it is for has no window for it; after <see cref="MulticastLimits.Patience"/> the flow goes on without those
/// that hold it up, unless they are the most. Then all wait, and whose silence lasts leaves one by one.
/// </summary>
internal sealed class MulticastPace(MulticastSender flow, MulticastRoster roster)
{
    private readonly List<MulticastMember> _unreachable = [];

    /// <summary>Nothing new is sent before a destination's word or <see cref="Until"/>.</summary>
    public bool IsHeldUp { get; private set; }

    public MonoTime Until { get; private set; } = MonoTime.Never;

    public MonoTime LookAt { get; private set; } = MonoTime.Never;

    /// <summary>Something changed: the next segment may go, and is asked about again.</summary>
    public void Release() => IsHeldUp = false;

    /// <summary>Whether a segment may be multicast now to those that are in step.</summary>
    public bool MaySend(MonoTime now, ulong sequence)
    {
        var (full, all) = CountFull(now, sequence);
        if (full > 0 && Until <= now)
        {
            Until = now + MulticastLimits.Patience;
            if (2 * full <= all)
            {
                LeaveFull(now, sequence);
                full = 0;
            }
        }

        IsHeldUp = full > 0;
        if (!IsHeldUp)
            Until = MonoTime.Never;
        else if (Until.IsNever)
            Until = now + MulticastLimits.Patience;
        return !IsHeldUp;
    }

    public bool TryLookEarlier(MonoTime time)
    {
        if (time >= LookAt)
            return false;
        LookAt = time;
        return true;
    }

    /// <summary>Looks after all destinations that are silent about something.</summary>
    public void Look(MonoTime now)
    {
        var next = MonoTime.Never;
        foreach (var member in roster.Members)
        {
            if (member.IsUnreachable(now))
                _unreachable.Add(member);
            else if (member.TimeoutAt <= now && member.HandleSilence(now))
                flow.Leave(now, member);
            next = MonoTime.Min(next, member.TimeoutAt);
        }

        LookAt = MonoTime.Max(next, now + MulticastLimits.LookInterval);
        foreach (var member in _unreachable)
            flow.Lose(now, member, FlowEndReason.Unreachable);
        _unreachable.Clear();
    }

    /// <summary>Lets go of destinations that are further behind than their catch-up queue reaches, if others keep up.</summary>
    public bool TryLetGoOfLaggards(MonoTime now)
    {
        var far = 0;
        foreach (var member in roster.Behind)
            far += IsFarBehind(member) ? 1 : 0;
        if (far == 0 || far == roster.PresentCount)
            return false;
        for (var i = roster.Behind.Count - 1; i >= 0; i--)
        {
            if (IsFarBehind(roster.Behind[i]))
                flow.Lose(now, roster.Behind[i], FlowEndReason.TooSlow);
        }

        return true;
    }

    private static bool IsFarBehind(MulticastMember member) => member.Behind > MulticastLimits.CatchUpSegments;

    private (int Full, int All) CountFull(MonoTime now, ulong sequence)
    {
        var full = 0;
        var all = 0;
        foreach (var set in roster.Sets)
        {
            for (var w = 0; w < EdgeSet.Words; w++)
            {
                for (var bits = roster.InStep(set, sequence, w); bits != 0; bits &= bits - 1)
                {
                    var member = set.Members[(w * 64) + BitOperations.TrailingZeroCount(bits)]!;
                    all++;
                    if (!member.IsFull)
                        continue;
                    full++;
                    member.ArmTimeout(now);
                }
            }
        }

        return (full, all);
    }

    private void LeaveFull(MonoTime now, ulong sequence)
    {
        foreach (var set in roster.Sets)
        {
            for (var w = 0; w < EdgeSet.Words; w++)
            {
                for (var bits = roster.InStep(set, sequence, w); bits != 0; bits &= bits - 1)
                {
                    var member = set.Members[(w * 64) + BitOperations.TrailingZeroCount(bits)]!;
                    if (member.IsFull)
                        flow.Leave(now, member);
                }
            }
        }
    }
}
