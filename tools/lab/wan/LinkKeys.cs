using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>Reads the keys and values that end a default, link or path line.</summary>
internal static class LinkKeys
{
    private const string Known = "delay, jitter, loss, burst, rate, queue, share, dup, corrupt, reorder, mtu, up and down";

    public static bool TryRead(ReadOnlySpan<string> tokens, out LinkPatch patch, [NotNullWhen(false)] out string? error)
    {
        patch = new();
        error = null;
        for (var i = 0; i < tokens.Length && error is null; i++)
        {
            var key = tokens[i];
            if (key is "up" or "down")
                patch = patch with { Down = key == "down" };
            else if (++i == tokens.Length)
                error = $"'{key}' has no value: write '{key} NUMBER', or up or down, which take none";
            else
                error = ReadValue(key, tokens[i], ref patch);
        }

        return error is null;
    }

    public static bool TryReadNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static string? ReadValue(string key, string text, ref LinkPatch patch)
    {
        if (!TryReadNumber(text, out var value) || value < 0)
            return $"'{key} {text}': the value is no number of 0 or more";
        switch (key)
        {
            case "delay":
                patch = patch with { Delay = Duration.FromMilliseconds(value) };
                return UpTo(key, value, WanLimits.MaxMilliseconds, "ms");
            case "jitter":
                patch = patch with { Jitter = Duration.FromMilliseconds(value) };
                return UpTo(key, value, WanLimits.MaxMilliseconds, "ms");
            case "queue":
                patch = patch with { Queue = Duration.FromMilliseconds(value) };
                return UpTo(key, value, WanLimits.MaxMilliseconds, "ms");
            case "loss":
                patch = patch with { Loss = value / 100 };
                return UpTo(key, value, 100, "%");
            case "dup":
                patch = patch with { Duplicate = value / 100 };
                return UpTo(key, value, 100, "%");
            case "corrupt":
                patch = patch with { Corrupt = value / 100 };
                return UpTo(key, value, 100, "%");
            case "reorder":
                patch = patch with { Reorder = value / 100 };
                return UpTo(key, value, 100, "%");
            case "burst":
                patch = patch with { Burst = value };
                return UpTo(key, value, WanLimits.MaxBurstPackets, "packets");
            case "rate":
                patch = patch with { Rate = Bandwidth.FromMegabitsPerSecond(Math.Min(value, WanLimits.MaxRateMbps)) };
                return value is > 0 and < WanLimits.MinRateMbps
                    ? $"'rate {text}' is under {WanLimits.MinRateMbps} Mbit/s: write more, or 0 for no limit"
                    : UpTo(key, value, WanLimits.MaxRateMbps, "Mbit/s");
            case "share":
                patch = patch with { Share = (int)Math.Min(value, WanLimits.MaxShare) };
                return value == Math.Floor(value) ? UpTo(key, value, WanLimits.MaxShare, "") : $"'share {text}': write a whole number, or 0 for a queue of its own";
            case "mtu":
                return ReadMtu(text, value, ref patch);
            default:
                return $"'{key}' is no key: the keys are {Known}";
        }
    }

    private static string? UpTo(string key, double value, double most, string unit) =>
        value <= most ? null : $"'{key} {value}' is over {most:#,0} {unit}: write less";

    private static string? ReadMtu(string text, double value, ref LinkPatch patch)
    {
        if (value != 0 && (value < WanLimits.MinMtu || value > WanLimits.MaxMtu || value != Math.Floor(value)))
            return $"'mtu {text}': write whole bytes from {WanLimits.MinMtu} to {WanLimits.MaxMtu}, or 0 for none of its own";
        patch = patch with { Mtu = (int)value };
        return null;
    }
}
