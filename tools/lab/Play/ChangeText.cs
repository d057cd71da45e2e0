using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Play;

/// <summary>What a scenario does to a link, or changes, in words.</summary>
internal static class ChangeText
{
    /// <summary>Empty for a link without a fault.</summary>
    public static string Of(LinkSettings settings)
    {
        var parts = new List<string>();
        if (settings.Down)
            parts.Add("down");
        if (settings.Loss > 0)
            parts.Add(Say($"{settings.Loss * 100:0.##} % lost") + (settings.Burst > 1 ? Say($" in bursts of {settings.Burst:0.#}") : ""));
        if (settings.Delay > Duration.Zero)
            parts.Add(Say($"{settings.Delay.Milliseconds:0.##} ms delay"));
        if (settings.Jitter > Duration.Zero)
            parts.Add(Say($"{settings.Jitter.Milliseconds:0.##} ms jitter"));
        if (settings.Rate > Bandwidth.Zero)
            parts.Add($"at most {settings.Rate}");
        return string.Join(", ", parts);
    }

    public static string Of(ScenarioChange change, Scenario scenario)
    {
        var first = scenario.Hosts[change.First].Name;
        var second = scenario.Hosts[change.Second].Name;
        return change.Kind switch
        {
            ScenarioChangeKind.Default => $"all links: {Patched(change.Patch!)}",
            ScenarioChangeKind.Link => $"{first} – {second}: {Patched(change.Patch!)}",
            ScenarioChangeKind.Path => $"{first} → {second}: {Patched(change.Patch!)}",
            ScenarioChangeKind.HostUp => $"{first} is connected again",
            ScenarioChangeKind.HostDown => $"{first} is cut off",
            ScenarioChangeKind.Crash => $"{first} is killed",
            _ => $"{first} starts again",
        };
    }

    private static string Patched(LinkPatch patch)
    {
        if (patch.Down == false)
            return "up";
        return Of(patch.ApplyTo(LinkSettings.Perfect)) is { Length: > 0 } text ? text : "no loss, no delay";
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
