namespace WeCan.Hosting.Metrics;

/// <summary>
/// Names as Prometheus has them, made from .NET's: "wecan.link.rtt" in "s" is wecan_link_rtt_seconds, and a counter ends in
/// _total. The same rules as OpenTelemetry's exporters use, so that a later change of exporter renames nothing.
/// </summary>
internal static class MetricNames
{
    /// <summary>The name without _total, as OpenMetrics wants it at its head, and the unit that it ends in.</summary>
    public static (string Name, string Unit) FamilyOf(string instrument, string? unit, MetricType type)
    {
        var name = Clean(instrument);
        if (name.EndsWith("_total", StringComparison.Ordinal))
            name = name[..^"_total".Length];
        var suffix = unit switch
        {
            null or "" => "",
            "s" => "seconds",
            "By" => "bytes",
            "bit" => "bits",
            "bit/s" => "bits_per_second",
            "By/s" => "bytes_per_second",
            "1" => type == MetricType.Gauge ? "ratio" : "",
            ['{', ..] => "",
            _ => Clean(unit),
        };
        if (suffix.Length > 0 && !name.EndsWith($"_{suffix}", StringComparison.Ordinal))
            name = $"{name}_{suffix}";
        return (name, suffix);
    }

    public static string Clean(string name) =>
        string.Create(name.Length, name, static (letters, name) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = char.IsAsciiLetter(name[i]) || (i > 0 && char.IsAsciiDigit(name[i])) ? name[i] : '_';
        });
}
