using System.Diagnostics;
using WeCan.Bench.Shipped;
using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Runtime;

namespace WeCan.Bench.Control;

/// <summary>
/// A member with a real control session and no network: once a second it reports links to all others, with values that change. One that probes
/// makes the link to its nearest node bad, or good again, and takes the time from that report until routes have come that answer it.
/// What happens here happens under the lock of its control client.
/// </summary>
internal sealed class SimulatedNode
{
    private readonly ShippedMember _member;
    private readonly IReadOnlyList<NodeId> _numbers;
    private readonly int _own;
    private readonly int _nearest;
    private readonly bool _probes;
    private readonly Random _random;
    private readonly Duration[] _usual;
    private readonly LinkReport[] _links;
    private readonly List<TimeSpan> _pushes = [];
    private int _reports;
    private bool _isBad;
    private long _askedAt;

    public SimulatedNode(SimulatedMesh mesh, int own, bool probes, ShippedMember member, IReadOnlyList<NodeId> numbers)
    {
        (_member, _numbers, _own, _probes, _random) = (member, numbers, own, probes, new(own));
        _nearest = mesh.NearestTo(own);
        _usual = [.. Enumerable.Range(0, mesh.Nodes).Select(other => mesh.RoundTrip(own, other))];
        _links = [.. Enumerable.Range(0, mesh.Nodes).Where(other => other != own).Select(other => LinkTo(other, _usual[other]))];
    }

    /// <summary>Its nearest node has a route, which leads straight there.</summary>
    public bool IsRouted => _member.Routes.Find(_numbers[_nearest]) is { WayCount: > 0 } routes && routes.Relays(0).IsEmpty;

    public void Connect() => _member.Connect(BootEpochSource.Next(TimeProvider.System, stateFile: null), driver: null, control =>
    {
        control.Ticked += Report;
        control.Received += _ => TakeRoutes();
    });

    /// <summary>Under the client's lock.</summary>
    public void Say(Action<SimulatedNode> say) => _member.Control!.Say(_ => say(this));

    /// <summary>How long routes took since the last call.</summary>
    public IReadOnlyList<TimeSpan> TakePushes()
    {
        TimeSpan[] taken = [.. _pushes];
        _pushes.Clear();
        return taken;
    }

    private LinkReport LinkTo(int other, Duration roundTrip) => new(_numbers[other], LinkState.Proven)
    {
        Rtt = roundTrip,
        MinRtt = _usual[other],
        BurstTo = 100,
        BurstFrom = 100,
        Bandwidth = Bandwidth.FromMegabitsPerSecond(1_000),
    };

    private void Report(NodeSession? session)
    {
        if (session is null)
            return;
        _reports++;
        for (var i = 0; i < _links.Length; i++)
        {
            var other = i < _own ? i : i + 1;
            if (_random.Next(ControllerBenchLimits.OneChangesOf) == 0 && other != _nearest)
                _links[i] = LinkTo(other, _usual[other] * (1 + (ControllerBenchLimits.Change * ((_random.NextDouble() * 2) - 1))));
        }

        if (_probes && IsTimeToProbe())
            Probe();

        // The clock that counts is the report's own, one second each: a tick that comes a little early is not to be left out.
        session.SetReports(MonoTime.FromMilliseconds(_reports * 1_001L), [.. _links]);
    }

    private bool IsTimeToProbe()
    {
        if (_askedAt != 0 && Stopwatch.GetElapsedTime(_askedAt) > ControllerBenchLimits.LatestPush)
            Answered();
        return _askedAt == 0 && _reports % ControllerBenchLimits.ProbeEvery == 0 && (_isBad || IsRouted);
    }

    private void Probe()
    {
        _isBad = !_isBad;
        _links[_nearest < _own ? _nearest : _nearest - 1] = LinkTo(_nearest, _isBad ? _usual[_nearest] + ControllerBenchLimits.Worse : _usual[_nearest]);
        _askedAt = Stopwatch.GetTimestamp();
    }

    private void TakeRoutes()
    {
        while (_member.Routes.TryTakeChange(out var destination, out var routes))
        {
            if (_askedAt != 0 && destination == _numbers[_nearest] && routes.WayCount > 0 && routes.Relays(0).IsEmpty != _isBad)
                Answered();
        }
    }

    private void Answered()
    {
        _pushes.Add(Stopwatch.GetElapsedTime(_askedAt));
        _askedAt = 0;
    }
}
