using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Wan;
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
    private readonly byte[] _kept = new byte[WanLimits.MaxDatagram];
    private NetAddress _keptFor;
    private int _keptLength;
    private Duration _offset;

    public string? Impairment { get; } = Describe(scenario, self);

    public MonoTime NextDue => _keptLength > 0 ? MonoTime.Zero : _network.NextEvent - _offset;

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

    public bool TrySend(MonoTime now, NetAddress to, ReadOnlySpan<byte> datagram)
    {
        if (_hosts.TryGetValue(to, out var host))
            _network.Send(now + _offset, AddressOf(_self), AddressOf(host), datagram);
        return true;
    }

    public bool TrySendDue(MonoTime now)
    {
        if (_keptLength > 0)
        {
            if (!inner.TrySend(now, _keptFor, _kept.AsSpan(0, _keptLength)))
                return false;
            _keptLength = 0;
        }

        while (_network.TryReceive(now + _offset, out var delivery))
        {
            var to = _addresses[delivery.Route.ToHost];
            if (inner.TrySend(now, to, delivery.Datagram))
                continue;
            delivery.Datagram.CopyTo(_kept);
            (_keptFor, _keptLength) = (to, delivery.Datagram.Length);
            return false;
        }

        return true;
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
