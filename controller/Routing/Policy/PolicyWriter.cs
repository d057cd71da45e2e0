using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Hosting.Configuration;

namespace WeCan.Controller.Routing.Policy;

/// <summary>Writes a policy as one text: keys in one order, values as people write them, nothing that is so anyway.</summary>
internal static class PolicyWriter
{
    private static readonly JsonWriterOptions Style = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly ValueKind<RouteClass> Class = ValueKinds.Choice<RouteClass>();

    public static string Write(PolicyDocument document)
    {
        var usual = PolicyDocument.Default;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Style))
        {
            json.WriteStartObject();
            Time(json, "relay_time", document.RelayTime, usual.RelayTime);
            Section(json, "damping", document.Damping == usual.Damping, () =>
            {
                Number(json, "least_gain", document.Damping.LeastGain, usual.Damping.LeastGain);
                Time(json, "least_gain_time", document.Damping.LeastGainTime, usual.Damping.LeastGainTime);
                Number(json, "most_changes", document.Damping.MostChanges, usual.Damping.MostChanges);
            });
            Section(json, "load", document.Load == usual.Load, () =>
            {
                Flag(json, "measured", document.Load.Measured);
                Number(json, "from", document.Load.From, usual.Load.From);
                Number(json, "full", document.Load.Full, usual.Load.Full);
                Time(json, "time", document.Load.Time, usual.Load.Time);
            });
            Section(json, "price", document.Price == usual.Price, () =>
            {
                Time(json, "signal", document.Price.Signal, usual.Price.Signal);
                Time(json, "realtime", document.Price.Realtime, usual.Price.Realtime);
                Time(json, "bulk", document.Price.Bulk, usual.Price.Bulk);
            });
            Section(json, "quality", document.Quality == usual.Quality, () => Number(json, "in_time", document.Quality.InTime, usual.Quality.InTime));
            Rules(json, "links", document.Links, rule => Link(json, rule));
            Rules(json, "nodes", document.Nodes, rule => Node(json, rule));
            Rules(json, "ways", document.Ways, rule => Way(json, rule));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static void Link(Utf8JsonWriter json, LinkRule rule)
    {
        Section(json, "from", rule.From.IsEverybody, () => Selector(json, rule.From));
        Section(json, "to", rule.To.IsEverybody, () => Selector(json, rule.To));
        Flag(json, "both", rule.Both);
        if (rule.Price is { } price)
            json.WriteNumber("price", price);
        Rate(json, "paid", rule.Paid);
        Rate(json, "capacity", rule.Capacity);
        Names(json, "classes", Words(rule.Classes));
        if (rule.Maintenance is { } maintenance)
            json.WriteBoolean("maintenance", maintenance);
        if (rule.Until is { } until)
            json.WriteString("until", until.ToString());
    }

    private static void Node(Utf8JsonWriter json, NodeRule rule)
    {
        Selector(json, rule.Who);
        if (rule.Maintenance is { } maintenance)
            json.WriteBoolean("maintenance", maintenance);
        if (rule.Until is { } until)
            json.WriteString("until", until.ToString());
        Rate(json, "capacity", rule.Capacity);
        Names(json, "classes", Words(rule.Classes));
        Names(json, "regions", rule.Regions);
    }

    private static void Way(Utf8JsonWriter json, WayRule rule)
    {
        Names(json, "from", rule.From);
        Names(json, "to", rule.To);
        Names(json, "regions", rule.Regions);
        Names(json, "operators", rule.Operators);
    }

    private static void Selector(Utf8JsonWriter json, MemberSelector selector)
    {
        foreach (var (key, value) in ((string, string)[])[("node", selector.Node), ("region", selector.Region), ("site", selector.Site), ("operator", selector.Operator)])
        {
            if (value.Length > 0)
                json.WriteString(key, value);
        }
    }

    private static void Rules<T>(Utf8JsonWriter json, string key, IReadOnlyList<T> rules, Action<T> write)
    {
        if (rules.Count == 0)
            return;
        json.WriteStartArray(key);
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            write(rule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Section(Utf8JsonWriter json, string key, bool isUsual, Action write)
    {
        if (isUsual)
            return;
        json.WriteStartObject(key);
        write();
        json.WriteEndObject();
    }

    private static void Names(Utf8JsonWriter json, string key, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return;
        json.WriteStartArray(key);
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static IReadOnlyList<string> Words(IReadOnlyList<RouteClass> classes) => [.. classes.Select(Class.Format)];

    private static void Flag(Utf8JsonWriter json, string key, bool isOn)
    {
        if (isOn)
            json.WriteBoolean(key, value: true);
    }

    private static void Rate(Utf8JsonWriter json, string key, Bandwidth? rate)
    {
        if (rate is { } known)
            json.WriteString(key, ValueKinds.BitsPerSecond.Format(known.BitsPerSecond));
    }

    private static void Time(Utf8JsonWriter json, string key, Duration time, Duration usual)
    {
        if (time != usual)
            json.WriteString(key, ValueKinds.Duration.Format(time.ToTimeSpan()));
    }

    private static void Number(Utf8JsonWriter json, string key, double number, double usual)
    {
        if (number != usual)
            json.WriteNumber(key, number);
    }
}
