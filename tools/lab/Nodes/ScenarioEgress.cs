using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Wan;
using WeCan.Protocol.Wire;
using WeCan.Runtime;

namespace WeCan.Lab.Nodes;

/// <summary>
/// The bad network before a good socket: every datagram of one node goes through a <see cref="WanNetwork"/> that runs the scenario, and leaves
/// when that delivers it. Each node process impairs what it sends; as every direction of a link has a stream of chance of its own, the three
/// together are one network.
/// </summary>
internal sealed class ScenarioEgress(IDatagramEgress inner, Scenario scenario, string self) : IDatagramEgress
{
    private readonly WanNetwork _network = new(scenario);
    private readonly int _self = scenario.IndexOf(self);
    private readonly Dictionary<NetAddress, int> _hosts = [];
    private readonly NetAddress[] _addresses = new NetAddress[scenario.Hosts.Length];
    private readonly byte[] _draft = new byte[WireLimits.FullDatagram];
    private Duration _offset;

    public string? Impairment { get; } = Describe(scenario, self);

    public MonoTime NextDue => _network.NextEvent - _offset;

    public Span<byte> Draft => _draft;

    /// <summary>Where the scenario's hosts really are, and what makes a time of the node's clock one of the scenario's.</summary>
    public void Join(Duration toScenario, IEnumerable<(string Name, NetAddress Address)> peers)
    {
        _offset = toScenario;
        foreach (var (name, address) in peers)
        {
            var host = scenario.IndexOf(name);
            _hosts[address] = host;
            _addresses[host] = address;
        }
    }

    public void Send(MonoTime now, NetAddress to, int length)
    {
        if (_hosts.TryGetValue(to, out var host))
            _network.Send(now + _offset, AddressOf(_self), AddressOf(host), _draft.AsSpan(0, length));
    }

    public bool TryFlush(MonoTime now)
    {
        while (!inner.Draft.IsEmpty && _network.TryReceive(now + _offset, out var delivery))
        {
            delivery.Datagram.CopyTo(inner.Draft);
            inner.Send(now, _addresses[delivery.Route.ToHost], delivery.Datagram.Length);
        }

        return inner.TryFlush(now);
    }

    public LinkCounters CountersTo(string name) => _network.Counters(_self, scenario.IndexOf(name));

    private NetAddress AddressOf(int host) => scenario.Hosts[host].Address(1);

    private static string? Describe(Scenario scenario, string self)
    {
        var paths = LabPlan.Paths.Where(path => path.From == self).Select(path => (path.To, Says: Describe(scenario.Path(scenario.IndexOf(self), scenario.IndexOf(path.To))))).ToArray();
        if (paths.All(path => path.Says.Length == 0) && scenario.Changes.IsEmpty)
            return null;
        var links = string.Join("; ", paths.Select(path => $"{self} → {path.To} {(path.Says.Length == 0 ? "clean" : path.Says)}"));
        return scenario.Changes.IsEmpty ? links : $"{links}; it changes as {scenario.Name} says";
    }

    public static string Describe(LinkSettings settings)
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
        AddShare(parts, settings.Duplicate, "twice");
        AddShare(parts, settings.Corrupt, "damaged");
        AddShare(parts, settings.Reorder, "reordered");
        return string.Join(", ", parts);

        static void AddShare(List<string> parts, double share, string what)
        {
            if (share > 0)
                parts.Add(Say($"{share * 100:0.##} % {what}"));
        }

        static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
