using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>One flow between a client and its edge over one link, and what the judge knows of it.</summary>
internal sealed record ClientUse(uint Number, int Client, bool IsUp, ServiceClass Class, Duration Deadline)
{
    /// <summary>When each message was accepted, the first at 0.</summary>
    public List<MonoTime> SentAt { get; } = [];

    /// <summary>Of Realtime, those that came.</summary>
    public HashSet<ulong> Seen { get; } = [];

    public ulong Delivered { get; set; }

    public ulong Confirmed { get; set; }

    public bool IsEnded { get; set; }

    public long Outstanding => IsEnded || Class == ServiceClass.Realtime ? 0 : SentAt.Count - (long)Confirmed;

    public override string ToString() => $"{Class} flow {Number} {(IsUp ? "from" : "to")} client {Client + 1}";
}
