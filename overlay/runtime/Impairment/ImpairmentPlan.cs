using WeCan.Contracts;

namespace WeCan.Runtime.Impairment;

/// <summary>What a lab wants done to the datagrams of a node: by their destination, and to all others together.</summary>
public sealed record ImpairmentPlan
{
    /// <summary>For what goes anywhere that no rule names; all of it shares one rate and one queue.</summary>
    public ImpairmentOptions Others { get; init; } = new();

    public IReadOnlyList<ImpairmentRule> Rules { get; init; } = [];

    /// <summary>For an operator: all that is done, in one line.</summary>
    public override string ToString() =>
        Rules.Count == 0 ? Others.ToString() : $"{string.Join("; ", Rules.Select(rule => $"to {rule.To}: {rule.Options}"))}; to others: {Others}";

    internal void Validate()
    {
        Others.Validate();
        foreach (var rule in Rules)
            rule.Options.Validate();
        if (Rules.Count > RuntimeLimits.ImpairedDestinations)
            throw new ArgumentException($"An impairment has at most {RuntimeLimits.ImpairedDestinations} rules, not {Rules.Count}.");
        if (Rules.Select(rule => rule.To).Distinct().Count() != Rules.Count)
            throw new ArgumentException("An impairment has two rules for one destination: leave one.");
    }
}
