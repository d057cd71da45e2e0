using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>What happened to the packets of which something was heard in one round trip.</summary>
internal struct RoundTally
{
    /// <summary>Acknowledged or given up.</summary>
    public int Packets;

    public int Lost;

    /// <summary>The most bytes that were in flight before a packet that was lost.</summary>
    public int LostInFlight;

    /// <summary>Bits per second at which the newest packets were delivered.</summary>
    public long Rate;

    /// <summary>A packet waited in a queue.</summary>
    public bool SawQueue;

    /// <summary>The shortest round trip; zero before one was measured.</summary>
    public Duration LeastRtt;

    public void AddRoundTrip(Duration sample, bool isQueued)
    {
        LeastRtt = LeastRtt == Duration.Zero ? sample : Duration.Min(LeastRtt, sample);
        SawQueue |= isQueued;
    }

    public void AddLost(int inFlight)
    {
        Packets++;
        Lost++;
        LostInFlight = Math.Max(LostInFlight, inFlight);
    }
}
