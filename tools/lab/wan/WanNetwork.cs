using System.Collections.Immutable;
using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>
/// A scenario that runs: datagrams sent between its hosts come out late, damaged, twice or not at all, as its links say.
/// It has no clock and no thread; one caller hands it a time that does not go back (an earlier one counts as the latest
/// that it saw), sends, and takes what has arrived whenever <see cref="NextEvent"/> comes. Addresses are the hosts' IPv4
/// with any port. The same seed and the same calls give the same network, and what one link does never depends on the
/// traffic of another. Nothing is allocated once the busiest moment is past.
/// </summary>
public sealed class WanNetwork
{
    private readonly int _hostCount;
    private readonly ulong _seed;
    private readonly Dictionary<uint, int> _byAddress = [];
    private readonly bool[] _up;
    private readonly LinkSettings[] _settings;
    private readonly LinkModel?[] _links;
    private readonly Dictionary<int, Serialiser> _shared = [];
    private readonly DelayLine _line;
    private readonly ImmutableArray<TimedChange> _changes;
    private int _nextChange;

    /// <param name="seed">In place of the scenario's own.</param>
    public WanNetwork(Scenario scenario, ulong? seed = null, int maxInFlight = WanLimits.MaxInFlight)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxInFlight, 2);
        Scenario = scenario;
        _seed = seed ?? scenario.Seed;
        _hostCount = scenario.Hosts.Length;
        _up = new bool[_hostCount];
        _settings = new LinkSettings[_hostCount * _hostCount];
        _links = new LinkModel?[_hostCount * _hostCount];
        _line = new(maxInFlight);
        _changes = [.. scenario.Changes.Where(timed => !timed.Change.IsProcessChange)];
        for (var from = 0; from < _hostCount; from++)
        {
            _byAddress.Add(scenario.Hosts[from].IPv4, from);
            _up[from] = scenario.Hosts[from].Up;
            for (var to = 0; to < _hostCount; to++)
                _settings[Pair(from, to)] = scenario.Path(from, to);
        }

        AdvanceTo(MonoTime.Zero);
    }

    public Scenario Scenario { get; }

    /// <summary>The latest time that it was handed.</summary>
    public MonoTime Now { get; private set; }

    public int InFlight => _line.Count;

    /// <summary>Datagrams to or from an address that no host has.</summary>
    public long Unroutable { get; private set; }

    /// <summary>Datagrams refused because as many were under way as this network holds.</summary>
    public long Refused { get; private set; }

    /// <summary>When a packet arrives or the scenario changes next: come back by then.</summary>
    public MonoTime NextEvent => MonoTime.Min(_line.NextDue, NextChange);

    private MonoTime NextChange => _nextChange < _changes.Length ? _changes[_nextChange].At : MonoTime.Never;

    public LinkSettings Settings(int from, int to) => _settings[Pair(from, to)];

    public LinkCounters Counters(int from, int to) => _links[Pair(from, to)]?.Counters ?? default;

    /// <summary>How long a packet that goes from one host to another now would wait for the rate.</summary>
    public Duration Backlog(int from, int to) => Link(from, to).Serialiser.BacklogAt(Now);

    public bool TryFindHost(NetAddress address, out int host)
    {
        host = -1;
        return address.IsIPv4 && _byAddress.TryGetValue((uint)address.Low, out host);
    }

    /// <summary>Takes one datagram. What it answers is for tests and counters: a real sender never learns it.</summary>
    public PacketFate Send(MonoTime now, NetAddress from, NetAddress to, ReadOnlySpan<byte> datagram)
    {
        AdvanceTo(now);
        if (!TryFindHost(from, out var source) || !TryFindHost(to, out var target) || source == target)
        {
            Unroutable++;
            return PacketFate.NoRoute;
        }

        if (_line.Free < 2)
        {
            Refused++;
            return PacketFate.Full;
        }

        var link = Link(source, target);
        var verdict = link.Offer(Now, datagram.Length + WanLimits.IpUdpHeader, _up[source] && _up[target]);
        if (verdict.Fate != PacketFate.Carried)
            return verdict.Fate;
        var route = new PacketRoute(from, to, source, target);
        _line.TryEnqueue(verdict.Due, route, datagram, verdict.CorruptBit);
        if (verdict.IsDuplicated)
            _line.TryEnqueue(verdict.DuplicateDue, route, datagram, verdict.CorruptBit);
        return PacketFate.Carried;
    }

    /// <summary>
    /// The next datagram that has arrived by <paramref name="now"/>, in order of time. Changes of the scenario take their
    /// turn among them: what arrives at a host after it went down is gone, also when the caller comes late.
    /// </summary>
    public bool TryReceive(MonoTime now, out Delivery delivery)
    {
        while (true)
        {
            AdvanceTo(MonoTime.Min(now, _line.NextDue));
            if (!_line.TryDequeue(now, out delivery))
            {
                AdvanceTo(now);
                return false;
            }

            var received = _up[delivery.Route.ToHost];
            Link(delivery.Route.FromHost, delivery.Route.ToHost).CountArrival(delivery.Datagram.Length + WanLimits.IpUdpHeader, received);
            if (received)
                return true;
        }
    }

    /// <summary>Makes the scenario's changes up to a time happen. Sending and receiving do so by themselves.</summary>
    public void AdvanceTo(MonoTime now)
    {
        Now = MonoTime.Max(Now, now);
        while (NextChange <= Now && _nextChange < _changes.Length)
            Apply(_changes[_nextChange++].Change);
    }

    /// <summary>Makes a change happen now that the scenario does not have. A change of a host's program is not the network's.</summary>
    public void Apply(ScenarioChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        switch (change.Kind)
        {
            case ScenarioChangeKind.Default:
                var settings = change.Patch!.ApplyTo(LinkSettings.Perfect);
                for (var pair = 0; pair < _settings.Length; pair++)
                    Set(pair, settings);
                break;
            case ScenarioChangeKind.Link:
                PatchPair(Pair(change.First, change.Second), change.Patch!);
                PatchPair(Pair(change.Second, change.First), change.Patch!);
                break;
            case ScenarioChangeKind.Path:
                PatchPair(Pair(change.First, change.Second), change.Patch!);
                break;
            case ScenarioChangeKind.HostUp or ScenarioChangeKind.HostDown:
                _up[change.First] = change.Kind == ScenarioChangeKind.HostUp;
                break;
            default:
                throw new ArgumentException($"A network cannot {change.Kind} a host's program; ask whoever runs the programs.", nameof(change));
        }
    }

    /// <summary>The same in the scenario's language, like "link a b down".</summary>
    public void Apply(string statement) => Apply(Scenario.ParseChange(statement));

    private int Pair(int from, int to) => (from * _hostCount) + to;

    private LinkModel Link(int from, int to)
    {
        var pair = Pair(from, to);
        return _links[pair] ??= Make(pair);
    }

    private LinkModel Make(int pair)
    {
        var link = new LinkModel(_settings[pair], WanRandom.Derive(_seed, (ulong)pair), Scenario.Mtu);
        Join(link, _settings[pair].Share);
        return link;
    }

    private void Join(LinkModel link, int share)
    {
        if (share == 0)
            return;
        if (!_shared.TryGetValue(share, out var serialiser))
            _shared.Add(share, serialiser = link.Serialiser);
        link.Serialiser = serialiser;
    }

    private void PatchPair(int pair, LinkPatch patch) => Set(pair, patch.ApplyTo(_settings[pair]));

    private void Set(int pair, LinkSettings settings)
    {
        var share = _settings[pair].Share;
        _settings[pair] = settings;
        if (_links[pair] is not { } link)
            return;
        link.Settings = settings;
        if (settings.Share == share)
            return;
        link.Serialiser = new();
        Join(link, settings.Share);
    }
}
