using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>What a client and its edge say to each other while the client's link stands: a flow of each class each way.</summary>
public sealed record SwarmTalk(int Client, Duration Interval, int MaxSize, Duration Deadline)
{
    public override string ToString() => $"client {Client + 1} and its edge talk every {Interval}, up to {MaxSize} bytes, Realtime within {Deadline}";
}
