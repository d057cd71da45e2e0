namespace WeCan.Contracts.Inspection;

/// <summary>One rule of the policy that puts something into maintenance.</summary>
/// <param name="What">"node", "link", "region", "site" or "operator"; "nodes" and "links" for what a rule of more words means.</param>
/// <param name="Name">Which.</param>
/// <param name="Nodes">How many members it means now; of links, those at their ends.</param>
public sealed record MaintenanceEntry(string What, string Name, int Nodes);
