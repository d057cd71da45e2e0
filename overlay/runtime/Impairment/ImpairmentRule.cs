using WeCan.Contracts;

namespace WeCan.Runtime.Impairment;

/// <summary>How what is sent to one address fares.</summary>
public sealed record ImpairmentRule(NetAddress To, ImpairmentOptions Options);
