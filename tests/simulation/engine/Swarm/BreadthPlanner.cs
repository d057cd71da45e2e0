using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Draws what happens to an overlay beside weather and crashes: members that come late, are taken out and come back,
/// addresses that move, programs that stand still, clients. It has chance of its own, so that the rest of a plan is the same without it.
/// </summary>
internal sealed class BreadthPlanner(Draws draws, IReadOnlyList<SwarmNode> nodes, ImmutableArray<SwarmLink> links, MonoTime healAt)
{
    private const int HomePort = SwarmWorld.Port;

    private readonly List<SwarmMembership> _memberships = [];
    private readonly List<SwarmRevocation> _revocations = [];
    private readonly List<SwarmMove> _moves = [];
    private readonly List<SwarmPause> _pauses = [];
    private readonly List<SwarmClient> _clients = [];
    private readonly HashSet<int> _touched = [];
    private readonly StringBuilder _scenario = new();

    /// <summary>The plan with all of it.</summary>
    public SwarmPlan AddTo(SwarmPlan plan)
    {
        for (var late = draws.Chance(0.3) ? draws.Between(1, 2) : 0; late > 0; late--)
            DrawLateMember();
        for (var gone = draws.Chance(0.35) ? draws.Between(1, 2) : 0; gone > 0; gone--)
            DrawRevocation();
        for (var pauses = draws.Chance(0.4) ? draws.Between(1, 12) : 0; pauses > 0; pauses--)
            DrawPause(1, 120);
        for (var clients = draws.Chance(0.4) ? draws.Between(1, 4) : 0; clients > 0; clients--)
            DrawClient();
        DrawMoves();
        for (var pauses = plan.Edition == SwarmPlan.PausesEdition && draws.Chance(0.5) ? draws.Between(1, 4) : 0; pauses > 0; pauses--)
            DrawPause(120, 3_000);
        return plan with
        {
            Memberships = [.. _memberships.OrderBy(told => told.At)],
            Revocations = [.. _revocations],
            Moves = [.. _moves.OrderBy(move => move.At)],
            Pauses = [.. _pauses],
            Clients = [.. _clients],
            Scenario = plan.Scenario + _scenario,
        };
    }

    private void DrawLateMember()
    {
        var link = links[draws.Between(0, links.Length - 1)];
        if (!_touched.Add(link.First) | !_touched.Add(link.Second))
            return;
        var at = draws.Time(MonoTime.FromMilliseconds(50), healAt);
        var side = draws.Between(0, 2);
        if (side != 1)
            _memberships.Add(new(at, link.First, link.Second, Joins: true));
        if (side != 0)
            _memberships.Add(new(Later(at, 300), link.Second, link.First, Joins: true));
    }

    /// <summary>All others are told, each a moment earlier or later; or one neighbour alone is, and the rest goes on with the member.</summary>
    private void DrawRevocation()
    {
        var member = draws.Between(0, nodes.Count - 1);
        if (!_touched.Add(member))
            return;
        var at = draws.Time(MonoTime.FromMilliseconds(300), healAt);
        var back = MonoTime.Min(healAt, at + draws.Milliseconds(400, draws.Chance(0.5) ? 1_500 : 8_000));
        var others = nodes.Select(node => node.Place).Where(place => place != member).ToList();
        var isEverywhere = draws.Chance(0.75);
        if (!isEverywhere)
            others = [.. others.Where(place => links.Any(link => link.Joins(place, member))).Take(1)];
        var (gone, first) = (MonoTime.Zero, MonoTime.Never);
        foreach (var place in others)
        {
            var goneHere = Later(at, 300);
            var backHere = MonoTime.Max(goneHere, Later(back, 300));
            _memberships.Add(new(goneHere, place, member, Joins: false));
            _memberships.Add(new(backHere, place, member, Joins: true));
            (gone, first) = (MonoTime.Max(gone, goneHere), MonoTime.Min(first, backHere));
        }

        if (isEverywhere && first > gone)
            _revocations.Add(new(member, gone, first));
    }

    /// <summary>
    /// A node that moves away comes home when all is healed, as nobody tells the others where to begin a handshake; but one
    /// that nobody calls may stay away, if those that it calls are at home.
    /// </summary>
    private void DrawMoves()
    {
        var away = new HashSet<int>();
        for (var moves = draws.Chance(0.4) ? draws.Between(1, 5) : 0; moves > 0; moves--)
        {
            var place = draws.Between(0, nodes.Count - 1);
            away.Add(place);
            _moves.Add(new(draws.Time(MonoTime.FromMilliseconds(100), healAt), place, (ushort)(HomePort + 1 + _moves.Count)));
        }

        var staying = new HashSet<int>();
        foreach (var place in away.Order())
        {
            var own = links.Where(link => link.First == place || link.Second == place).ToList();
            var isCalled = own.Exists(link => link.First == place ? link.SecondDials : link.FirstDials) || _clients.Exists(client => client.Edge == place);
            if (!isCalled && !own.Exists(link => staying.Contains(link.First) || staying.Contains(link.Second)) && draws.Chance(0.7))
                staying.Add(place);
            else
                _moves.Add(new(healAt, place, HomePort));
        }
    }

    private void DrawPause(double leastMs, double mostMs)
    {
        var at = draws.Time(MonoTime.FromMilliseconds(100), healAt);
        _pauses.Add(new(draws.Between(0, nodes.Count - 1), at, MonoTime.Min(healAt, at + draws.Milliseconds(leastMs, mostMs))));
    }

    private void DrawClient()
    {
        var index = _clients.Count;
        var edge = draws.Between(0, nodes.Count - 1);
        var host = nodes.Count + index;
        _scenario.AppendLine(CultureInfo.InvariantCulture, $"host n{host + 1} 10.0.1.{index + 1}");
        foreach (var (from, to) in ((int, int)[])[(host, edge), (edge, host)])
        {
            var way = PathWeather.Draw(draws, draws.Scaled(1, 150));
            _scenario.AppendLine(way.Statement(from, to));
            _scenario.AppendLine(CultureInfo.InvariantCulture, $"at {healAt.Nanoseconds / 1e9:0.######} {way.Healed().Statement(from, to)}");
        }

        var visits = ImmutableArray.CreateBuilder<SwarmVisit>();
        var at = draws.Chance(0.5) ? MonoTime.Zero : draws.Time(MonoTime.Zero, healAt);
        for (var more = draws.Between(0, 3); more > 0 && at < healAt; more--)
        {
            var until = draws.Time(at, healAt);
            visits.Add(new(at, until, draws.Chance(0.5)));
            at = until + draws.Milliseconds(1, 3_000);
        }

        if (visits.Count == 0 || (at < healAt && draws.Chance(0.7)))
            visits.Add(new(MonoTime.Min(at, healAt), MonoTime.Never, IsGraceful: false));
        _clients.Add(new(index, edge, visits.ToImmutable()));
        for (var moves = draws.Chance(0.5) ? draws.Between(1, 3) : 0; moves > 0; moves--)
            _moves.Add(new(draws.Time(MonoTime.FromMilliseconds(100), healAt), host, (ushort)(HomePort + 1 + _moves.Count)));
    }

    private MonoTime Later(MonoTime at, double mostMs) => MonoTime.Min(healAt, at + draws.Milliseconds(0, mostMs));
}
