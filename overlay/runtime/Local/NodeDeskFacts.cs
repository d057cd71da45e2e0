using WeCan.Contracts;

namespace WeCan.Runtime.Local;

/// <summary>What of a node's run does not change.</summary>
/// <param name="Software">The program and its version.</param>
/// <param name="Epoch">Which of the node's lives it is.</param>
/// <param name="Started">When it began.</param>
internal sealed record NodeDeskFacts(string Software, BootEpoch Epoch, DateTimeOffset Started);
