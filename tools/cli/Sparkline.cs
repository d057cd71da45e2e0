namespace WeCan.Cli;

/// <summary>Values as a line of small bars, from zero to the greatest; a gap where there is none.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    public static string Of(IReadOnlyList<double?> values)
    {
        var most = values.Max() ?? 0;
        return string.Concat(values.Select(value => value is null ? ' ' : most <= 0 ? Bars[0] : Bars[(int)Math.Clamp(value.Value / most * (Bars.Length - 1), 0, Bars.Length - 1)]));
    }
}
