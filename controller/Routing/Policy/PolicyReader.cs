using System.Globalization;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Core;
using WeCan.Hosting.Configuration;

namespace WeCan.Controller.Routing.Policy;

/// <summary>Makes a policy of what stands in a document: each key, its kind and its bounds.</summary>
internal static class PolicyReader
{
    private const string WhenOver = "when the maintenance is over";

    /// <summary>Before the kinds: each tries its own example.</summary>
    private static readonly string[] MomentFormats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"];

    private static readonly ValueKind<RouteClass> Class = ValueKinds.Choice<RouteClass>();
    private static readonly ValueKind<string> NodeName = Label("a node's name or number", "fra-1", ControlLimits.MaxName);
    private static readonly ValueKind<string> Region = Label("a region", "eu", ControlLimits.MaxPlace);
    private static readonly ValueKind<string> Site = Label("a site", "fra", ControlLimits.MaxPlace);
    private static readonly ValueKind<string> Operator = Label("an operator", "acme", ControlLimits.MaxPlace);
    private static readonly ValueKind<long> Rate = ValueKinds.BitsPerSecond.Between(PolicyLimits.LeastRate.BitsPerSecond, PolicyLimits.MostRate.BitsPerSecond);
    private static readonly ValueKind<UnixTime> Moment = new("a time", "2026-01-31T12:00:00Z", ParseMoment, time => time.ToString());
    private static readonly ValueKind<double> LoadPart = ValueKinds.Number.Between(PolicyLimits.LeastLoad, 1);

    public static PolicyDocument Read(ConfigReader read)
    {
        var document = new PolicyDocument
        {
            RelayTime = Time(read, "relay_time", PolicyDocument.Default.RelayTime, Duration.Zero, PolicyLimits.MostRelayTime, "what passing a relay takes"),
            Damping = read.Section("damping", Damping),
            Load = read.Section("load", Load),
            Price = read.Section("price", Price),
            Quality = read.Section("quality", inner => new QualityPolicy { InTime = inner.Value("in_time", ValueKinds.Number.Between(0, 1), PolicyDocument.Default.Quality.InTime, "the least share of Realtime packets that is to be in time") }),
            Links = read.Sections("links", Link),
            Nodes = read.Sections("nodes", Node),
            Ways = read.Sections("ways", Way),
        };
        foreach (var (key, count) in ((string, int)[])[("links", document.Links.Count), ("nodes", document.Nodes.Count), ("ways", document.Ways.Count)])
            read.Require(count <= PolicyLimits.Rules, key, $"has {count} rules: write at most {PolicyLimits.Rules}, a rule can mean a whole region");
        RequireScopes(read, document);
        return document;
    }

    /// <summary>What rules restrict is counted only where there are few enough of them: whoever may look at a policy can send one.</summary>
    private static void RequireScopes(ConfigReader read, PolicyDocument document)
    {
        if (document.Nodes.Count > PolicyLimits.Rules || document.Ways.Count > PolicyLimits.Rules)
            return;
        var key = document.Ways.Count > 0 ? "ways" : "nodes";
        var kinds = PolicyScopes.KindsOf(document).Count - 1;
        read.Require(kinds <= PolicyLimits.Regions, key, $"tells the traffic of {kinds} kinds of regions apart, and at most {PolicyLimits.Regions} are possible: let rules name the same regions, those that all rules name alike are of one kind");
        if (kinds > PolicyLimits.Regions)
            return;
        var scopes = new PolicyScopes(document).Pairs.Count;
        read.Require(scopes <= PolicyLimits.Restrictions, key, $"restricts traffic in {scopes} different ways, and at most {PolicyLimits.Restrictions} are possible: let rules share their regions and classes");
    }

    private static DampingPolicy Damping(ConfigReader read)
    {
        var usual = PolicyDocument.Default.Damping;
        return new()
        {
            LeastGain = read.Value("least_gain", ValueKinds.Number.Between(0, PolicyLimits.MostLeastGain), usual.LeastGain, "the part of its cost that another way must save"),
            LeastGainTime = Time(read, "least_gain_time", usual.LeastGainTime, Duration.Zero, PolicyLimits.MostLeastGainTime, "and the time"),
            MostChanges = read.Value("most_changes", ValueKinds.Number.Between(PolicyLimits.LeastMostChanges, 1), usual.MostChanges, "the part of all pairs that may move in one round"),
        };
    }

    private static LoadPolicy Load(ConfigReader read)
    {
        var usual = PolicyDocument.Default.Load;
        var load = new LoadPolicy
        {
            Measured = read.Value("measured", ValueKinds.Flag, usual.Measured, "links carry what their sender measured, where no rule says it"),
            From = read.Value("from", LoadPart, usual.From, "the load from which on a link costs more"),
            Full = read.Value("full", LoadPart, usual.Full, "the load at which it is full"),
            Time = Time(read, "time", usual.Time, PolicyLimits.LeastLoadTime, PolicyLimits.MostLoadTime, "what a full one costs more"),
        };
        read.Require(load.Full >= load.From + PolicyLimits.LeastLoad, "full", $"is {load.Full} and \"from\" is {load.From}: let it be more by at least {PolicyLimits.LeastLoad}");
        return load;
    }

    private static PricePolicy Price(ConfigReader read)
    {
        var usual = PolicyDocument.Default.Price;
        return new()
        {
            Signal = Weight("signal", usual.Signal),
            Realtime = Weight("realtime", usual.Realtime),
            Bulk = Weight("bulk", usual.Bulk),
        };

        Duration Weight(string key, Duration otherwise) => Time(read, key, otherwise, Duration.Zero, PolicyLimits.MostPriceTime, "what a price of 1 for a gigabyte counts in this class");
    }

    private static LinkRule Link(ConfigReader read)
    {
        var rule = new LinkRule
        {
            From = read.Section("from", Selector),
            To = read.Section("to", Selector),
            Both = read.Value("both", ValueKinds.Flag, fallback: false, "the opposite directions too"),
            Price = read.OptionalValue("price", ValueKinds.Number.Between(0, PolicyLimits.MostPrice), "what a gigabyte costs"),
            Paid = RateOf(read, "paid", "what is paid for already"),
            Capacity = RateOf(read, "capacity", "what it carries"),
            Classes = Listed(read, "classes", Class, "whose traffic may go over it"),
            Maintenance = read.OptionalValue("maintenance", ValueKinds.Flag, "nothing goes over it while there is another way"),
            Until = read.OptionalValue("until", Moment, WhenOver),
        };
        RequireMaintenance(read, rule.Until, rule.Maintenance);
        read.Require(!rule.SaysNothing, "from", "says nothing of these links: write \"price\", \"paid\", \"capacity\", \"classes\" or \"maintenance\" beside it");
        return rule;
    }

    private static NodeRule Node(ConfigReader read)
    {
        var rule = new NodeRule
        {
            Who = Selector(read),
            Maintenance = read.OptionalValue("maintenance", ValueKinds.Flag, "it carries nothing for others"),
            Until = read.OptionalValue("until", Moment, WhenOver),
            Capacity = RateOf(read, "capacity", "what all its links together carry"),
            Classes = Listed(read, "classes", Class, "whose traffic it carries for others"),
            Regions = Listed(read, "regions", Region, "it carries for others what begins and ends in one of these"),
        };
        RequireMaintenance(read, rule.Until, rule.Maintenance);
        read.Require(!rule.SaysNothing, "node", "says nothing of these nodes: write \"maintenance\", \"capacity\", \"classes\" or \"regions\" beside what selects them");
        return rule;
    }

    private static WayRule Way(ConfigReader read)
    {
        var rule = new WayRule
        {
            From = Listed(read, "from", Region, "the regions where it begins"),
            To = Listed(read, "to", Region, "the regions where it ends"),
            Regions = Listed(read, "regions", Region, "the regions that it may pass"),
            Operators = Listed(read, "operators", Operator, "the operators whose relays it may pass"),
        };
        read.Require(!rule.SaysNothing, "regions", "is missing, and so is \"operators\": write what this traffic may pass");
        return rule;
    }

    private static MemberSelector Selector(ConfigReader read) => new()
    {
        Node = read.Optional("node", NodeName, "a node by its name or number") ?? "",
        Region = read.Optional("region", Region, "nodes of a region") ?? "",
        Site = read.Optional("site", Site, "nodes of a site") ?? "",
        Operator = read.Optional("operator", Operator, "nodes of an operator") ?? "",
    };

    private static IReadOnlyList<T> Listed<T>(ConfigReader read, string key, ValueKind<T> kind, string about)
    {
        IReadOnlyList<T> values = [.. read.Values(key, kind, about).Distinct().OrderBy(kind.Format, StringComparer.Ordinal)];
        read.Require(values.Count > 0 || !read.IsWritten(key), key, "is empty: name at least one, or leave the key out");
        read.Require(values.Count <= PolicyLimits.Names, key, $"names {values.Count}: write at most {PolicyLimits.Names}");
        return values;
    }

    private static Bandwidth? RateOf(ConfigReader read, string key, string about) => read.OptionalValue(key, Rate, about) is { } bits ? new Bandwidth(bits) : null;

    private static void RequireMaintenance(ConfigReader read, UnixTime? until, bool? maintenance) =>
        read.Require(until is null || maintenance == true, "until", "is when a maintenance is over: write \"maintenance\": true beside it, or leave it out");

    private static string? ParseMoment(string text, out UnixTime value)
    {
        var isRead = DateTimeOffset.TryParseExact(text, MomentFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment);
        value = UnixTime.From(moment);
        return isRead ? null : "it is no time, write it as 2026-01-31T12:00:00Z";
    }

    private static Duration Time(ConfigReader read, string key, Duration otherwise, Duration least, Duration most, string about)
    {
        var kind = ValueKinds.Duration.Between(least.ToTimeSpan(), most.ToTimeSpan());
        return Duration.FromNanoseconds(read.Value(key, kind, otherwise.ToTimeSpan(), about).Ticks * 100);
    }

    private static ValueKind<string> Label(string name, string example, int most)
    {
        string? Parse(string text, out string value)
        {
            value = text;
            return text.Length == 0 ? $"it is empty, write {name} or leave the key out"
                : Labels.Problem(name, text, most) is null ? null : $"write {name} of at most {most} letters, digits, '-', '_' and '.'";
        }

        return new(name, example, Parse, text => text);
    }
}
