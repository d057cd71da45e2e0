namespace WeCan.Controller.Routing.Graph;

/// <summary>A way that a search found: what it costs, and the places of its relays among the carriers, below zero where there is none.</summary>
internal readonly record struct FoundWay(int Cost, int First, int Second);
