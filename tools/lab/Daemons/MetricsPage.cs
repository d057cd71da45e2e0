using System.Globalization;

namespace WeCan.Lab.Daemons;

/// <summary>A page of metrics as Prometheus reads it: values by name and labels. What is no such line is passed over.</summary>
internal sealed class MetricsPage
{
    public static readonly MetricsPage Empty = new([]);

    private readonly Dictionary<string, double> _values;

    private MetricsPage(Dictionary<string, double> values) => _values = values;

    public static MetricsPage Parse(string text)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var space = line.LastIndexOf(' ');
            if (space > 0 && line[0] != '#' && double.TryParse(line.AsSpan(space + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                values[line[..space]] = value;
        }

        return new(values);
    }

    /// <summary>The value of a series without labels, or 0.</summary>
    public double this[string name] => _values.GetValueOrDefault(name);

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The sum over all labels of a name.</summary>
    public double Sum(string name) => _values.Where(pair => pair.Key == name || pair.Key.StartsWith(name + "{", StringComparison.Ordinal)).Sum(pair => pair.Value);
}
