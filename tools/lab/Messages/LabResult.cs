namespace WeCan.Lab.Messages;

/// <summary>What --json prints.</summary>
/// <param name="Broken">Whether or not it was asked to check: a sentence for every point that did not hold.</param>
internal sealed record LabResult(double Seconds, string Impairment, bool Passed, IReadOnlyList<string> Broken, IReadOnlyDictionary<string, NodeReport> Nodes);
