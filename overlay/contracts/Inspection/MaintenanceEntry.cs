namespace WeCan.Contracts.Inspection;

/// <summary>One rule of the policy that puts something into maintenance.</summary>
/// <param name="What">"node", "link", "region", "site" or "operator"; "nodes" and "links" for what a rule of more words means.</param>
/// <param name="Name">Which.</param>
/// <param name="Nodes">How many members it means now; of links, those at their ends.</param>
/// <param name="Until">When it is over by itself; left out where somebody has to end it.</param>
public sealed record MaintenanceEntry(string What, string Name, int Nodes, DateTimeOffset? Until);
