using System.Globalization;

namespace WeCan.Hosting.Local;

/// <summary>Amounts as people read them, with one unit each.</summary>
public static class Quantities
{
    private static readonly string[] Sizes = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>"1.5 MB".</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        var unit = 0;
        for (; value >= 999.5 && unit < Sizes.Length - 1; unit++)
            value /= 1_000;
        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || value >= 99.95 ? $"{value:0}" : $"{value:0.0}")} {Sizes[unit]}");
    }

    /// <summary>How long ago something was: "12s", "5m", "3h 20m", "4d 2h".</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 1 } => "now",
        { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds}s",
        { TotalHours: < 2 } => $"{(int)age.TotalMinutes}m",
        { TotalDays: < 2 } => $"{(int)age.TotalHours}h {age.Minutes}m",
        _ => $"{(int)age.TotalDays}d {age.Hours}h",
    };
}
