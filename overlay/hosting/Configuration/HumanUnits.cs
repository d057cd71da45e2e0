using System.Globalization;

namespace WeCan.Hosting.Configuration;

/// <summary>
/// Durations, sizes and rates as people write them: a number and a unit, no space needed. A number without its unit is
/// refused, with both readings that it could have. What is written by Format is read again as the same value.
/// </summary>
internal static class HumanUnits
{
    // In ticks of 100 ns.
    private static readonly (string Unit, decimal Size)[] Durations =
    [
        ("d", 864_000_000_000m), ("h", 36_000_000_000m), ("m", 600_000_000m), ("s", 10_000_000m), ("ms", 10_000m), ("us", 10m), ("µs", 10m),
    ];

    private static readonly (string Unit, decimal Size)[] Sizes =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("TB", 1e12m), ("GB", 1e9m), ("MB", 1e6m), ("kB", 1e3m), ("B", 1m),
    ];

    private static readonly (string Unit, decimal Size)[] Rates =
    [
        ("Gbit/s", 1e9m), ("Mbit/s", 1e6m), ("kbit/s", 1e3m), ("bit/s", 1m),
    ];

    public static string? ParseDuration(string text, out TimeSpan value)
    {
        var wrong = Parse(text, Durations, severalParts: true, "a duration", "200ms", ("s", "ms"), out var ticks);
        value = new TimeSpan(ticks);
        return wrong;
    }

    public static string FormatDuration(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
            return "0s";
        foreach (var (unit, size) in Durations)
        {
            // Days and hours are not used when they would not be whole, "90s" reads better than "1m30s".
            if (value.Ticks % (long)size == 0)
                return $"{(value.Ticks / (long)size).ToString(CultureInfo.InvariantCulture)}{unit}";
        }

        return $"{(value.Ticks / 10m).ToString(CultureInfo.InvariantCulture)}us";
    }

    public static string? ParseBytes(string text, out long value) => Parse(text, Sizes, severalParts: false, "a size", "64KiB", ("KiB", "kB"), out value);

    public static string FormatBytes(long value) => Format(value, Sizes, "B");

    public static string? ParseBitsPerSecond(string text, out long value) => Parse(text, Rates, severalParts: false, "a rate", "20Mbit/s", ("Mbit/s", "kbit/s"), out value);

    public static string FormatBitsPerSecond(long value) => Format(value, Rates, "bit/s");

    private static string Format(long value, (string Unit, decimal Size)[] units, string smallest)
    {
        foreach (var (unit, size) in units)
        {
            if (value != 0 && value % size == 0)
                return $"{(value / size).ToString(CultureInfo.InvariantCulture)}{unit}";
        }

        return $"{value}{smallest}";
    }

    private static string? Parse(string text, (string Unit, decimal Size)[] units, bool severalParts, string name, string example, (string, string) either, out long value)
    {
        value = 0;
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
            return $"it is empty, write {name} as in \"{example}\"";

        decimal total = 0;
        for (var part = 0; !rest.IsEmpty; part++)
        {
            if (part > 0 && !severalParts)
                return $"{name} has one number and one unit, write it as in \"{example}\"";
            var digits = rest.IndexOfAnyExcept("0123456789.");
            var written = digits < 0 ? rest : rest[..digits];
            if (written.Length is 0 or > 20 || !decimal.TryParse(written, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return rest[0] == '-' ? $"{name} is not negative, write it as in \"{example}\"" : $"it is not {name}, write a number and its unit, as in \"{example}\"";
            if (digits < 0)
                return $"{name} needs a unit, write \"{written}{either.Item1}\" or \"{written}{either.Item2}\"";

            rest = rest[digits..].TrimStart();
            var end = rest.IndexOfAny("0123456789.");
            var unit = (end < 0 ? rest : rest[..end]).TrimEnd().ToString();
            rest = end < 0 ? default : rest[end..];
            var known = Array.Find(units, known => known.Unit == unit);
            if (known.Unit is null)
                return $"\"{unit}\" is no unit of {name}{Nearest(unit, units)}";
            total += number * known.Size;
        }

        if (total > long.MaxValue)
            return $"it is more than can be counted, write a smaller value, as in \"{example}\"";
        value = (long)total;
        return total == value ? null : $"it is finer than can be counted, write it without so many decimals, as in \"{example}\"";
    }

    private static string Nearest(string unit, (string Unit, decimal Size)[] units)
    {
        var all = string.Join(", ", units.Select(known => known.Unit).Where(name => char.IsAscii(name[0])).Reverse());
        var near = Array.Find(units, known => known.Unit.Equals(unit, StringComparison.OrdinalIgnoreCase)).Unit
            ?? (unit.EndsWith("bps", StringComparison.OrdinalIgnoreCase) ? Array.Find(units, known => known.Unit.Equals(unit[..^3] + "bit/s", StringComparison.OrdinalIgnoreCase)).Unit : null);
        return near is null ? $", the units are {all}" : $", did you mean \"{near}\"? The units are {all}";
    }
}
