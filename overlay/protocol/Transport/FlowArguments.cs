using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>What an application may not ask of a flow, each with what to ask instead.</summary>
internal static class FlowArguments
{
    public static void CheckAddress(NodeId destination, byte priority)
    {
        if (destination.IsNone)
            throw new ArgumentException("A flow needs a destination; this is no node.", nameof(destination));
        CheckPriority(priority);
    }

    public static void CheckDeadline(Duration deadline)
    {
        if (deadline <= Duration.Zero || deadline > TransportLimits.MaxDeadline)
            throw new ArgumentOutOfRangeException(nameof(deadline), deadline, $"A Realtime deadline lies between 0 and {TransportLimits.MaxDeadline}.");
    }

    public static void CheckPriority(byte priority)
    {
        if (priority > 7)
            throw new ArgumentOutOfRangeException(nameof(priority), priority, "Priorities go from 0 to 7.");
    }
}
