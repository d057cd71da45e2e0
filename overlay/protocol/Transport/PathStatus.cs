using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>What an edge knows of one route to a node from the reports on its Realtime packets, for inspection.</summary>
/// <param name="Token">The route's token.</param>
/// <param name="IsTaken">Whether Realtime flows over one path take it.</param>
/// <param name="IsOnTrial">Whether they send copies over it, to learn whether it is better.</param>
/// <param name="IsKnown">Whether anything was sent over it lately; if not, the rest is what it was last.</param>
/// <param name="Loss">The share of packets that did not come in time, 0 to 1.</param>
/// <param name="Delay">From Send to arrival, the mean.</param>
/// <param name="Marks">The share of packets that came marked, 0 to 1.</param>
public readonly record struct PathStatus(
    int Token, bool IsTaken, bool IsOnTrial, bool IsKnown, double Loss, Duration Delay, double Marks);
