using WeCan.Contracts;
using WeCan.Hosting.Configuration;

namespace WeCan.Runtime.Impairment;

/// <summary>Reads the section "impair" of a node in a lab.</summary>
public static class ImpairmentConfig
{
    /// <summary>Null where nobody wrote one: then there is no stage, and no reload brings one.</summary>
    public static ImpairmentPlan? Read(ConfigReader read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var others = ReadOptions(read);
        var rules = read.Sections("to", ReadRule);
        read.Require(rules.Count <= RuntimeLimits.ImpairedDestinations, "to", $"has {rules.Count} entries: write at most {RuntimeLimits.ImpairedDestinations}");
        read.Require(rules.Select(rule => rule.To).Distinct().Count() == rules.Count, "to", "has two entries for one address: leave one");
        return rules.Count == 0 && others == new ImpairmentOptions() ? null : new() { Others = others, Rules = rules };
    }

    private static ImpairmentRule ReadRule(ConfigReader read) =>
        new(NetAddress.FromEndPoint(read.Required("address", ValueKinds.EndPoint, "for labs only: for what is sent to this address")), ReadOptions(read));

    private static ImpairmentOptions ReadOptions(ConfigReader read)
    {
        var share = ValueKinds.Number.Between(0, 1);
        var time = ValueKinds.Duration.Between(TimeSpan.Zero, RuntimeLimits.MaxImpairedDelay.ToTimeSpan());
        var defaults = new ImpairmentOptions();
        return new()
        {
            Loss = read.Value("loss", share, 0, "for labs only: the share of what this node sends that is lost, 0 to 1"),
            Burst = read.Value("burst", ValueKinds.Number.Between(1, RuntimeLimits.MaxImpairedBurst), 1, "for labs only: how many are lost in a row, on average"),
            Duplicate = read.Value("duplicate", share, 0, "for labs only: the share that leaves twice"),
            Reorder = read.Value("reorder", share, 0, "for labs only: the share that is overtaken by what comes after"),
            Delay = ToDuration(read.Value("delay", time, TimeSpan.Zero, "for labs only: how long what this node sends is held back")),
            Jitter = ToDuration(read.Value("jitter", time, TimeSpan.Zero, "for labs only: how much longer at most, by chance")),
            Rate = new(read.Value("rate", ValueKinds.BitsPerSecond, 0, "for labs only: what passes in a second, headers included; 0 for no bound")),
            Queue = ToDuration(read.Value("queue", time, defaults.Queue.ToTimeSpan(), "for labs only: how long what is over the rate waits, before it is lost")),
        };
    }

    private static Duration ToDuration(TimeSpan time) => new(time.Ticks * 100);
}
