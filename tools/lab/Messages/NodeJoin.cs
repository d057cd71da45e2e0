namespace WeCan.Lab.Messages;

/// <summary>To a node process: its neighbours, its route if it is an edge, and when the scenario begins on <see cref="LocalTime"/>.</summary>
internal sealed record NodeJoin(PeerEntry[] Peers, string[] Route, long ScenarioStart);
