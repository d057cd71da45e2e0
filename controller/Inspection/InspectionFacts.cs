namespace WeCan.Controller.Inspection;

/// <summary>What of a controller's run does not change.</summary>
/// <param name="Controller">Its name.</param>
/// <param name="Version">Its program's.</param>
/// <param name="Started">When it began.</param>
/// <param name="AuthorityEnd">When the authority's certificate ends.</param>
/// <param name="Time">The clock.</param>
internal sealed record InspectionFacts(string Controller, string Version, DateTimeOffset Started, DateTimeOffset AuthorityEnd, TimeProvider Time);
