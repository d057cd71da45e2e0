using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>An edge leaves a route that lives and is bad, by its own evidence. docs/wire-format.md, section 7.7.</summary>
public sealed class PathMoveTests
{
    private static readonly Duration Deadline = Duration.FromMilliseconds(300);
    private static readonly PipeFaults Good = new() { Delay = Duration.FromMilliseconds(30), Jitter = Duration.FromMilliseconds(3) };
    private static readonly PipeFaults Longer = new() { Delay = Duration.FromMilliseconds(45), Jitter = Duration.FromMilliseconds(3) };

    /// <summary>What happens to a route, a message every so many ms, and within how many ms the flow is off it. Few packets are slow evidence.</summary>
    public static TheoryData<string, int, int> Troubles() => new()
    {
        { "loses", 20, 1_300 },
        { "loses", 5, 1_000 },
        { "loses a tenth", 5, 1_500 },
        { "delays", 20, 1_000 },
        { "marks", 20, 1_000 },
        { "dies", 20, 1_000 },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public void AFlowLeavesABadRouteWithinASecondAndReturnsLater(string trouble, int interval, int within)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var run = new Run(seed, interval);
            run.For(10);
            Assert.Empty(run.Moves);
            var before = run.Net.Now;
            run.Net.RouteFaults[0] = Bad(trouble);
            run.For(2);
            Assert.True(run.Moves.Count > 0, $"seed {seed}: no move; {run}");
            Assert.Equal((0, 1), (run.Moves[0].From, run.Moves[0].To));
            Assert.True(run.Moves[0].At - before <= Duration.FromMilliseconds(within), $"seed {seed}: moved after {run.Moves[0].At - before}; {run}");

            // However long it stays bad, there is no way back to it.
            run.For(60);
            Assert.Single(run.Moves);
            run.Net.RouteFaults[0] = Good;
            run.For(200);
            Assert.True(run.Moves.Count == 2, $"seed {seed}: {run}");
            Assert.Equal((1, 0, PathMoveReason.Recovered), (run.Moves[1].From, run.Moves[1].To, run.Moves[1].Reason));
            Assert.Equal(0, run.Twice);
        }

        static PipeFaults Bad(string trouble) => trouble switch
        {
            "loses" => Good with { Loss = 0.3 },
            "loses a tenth" => Good with { Loss = 0.1 },
            "delays" => Good with { Delay = Duration.FromMilliseconds(180) },
            "marks" => Good with { Mark = 0.95 },
            _ => Good with { Loss = 1 },
        };
    }

    /// <summary>What the trial copies carry arrives: a dead route costs at most what it takes to suspect it.</summary>
    [Fact]
    public void ADeadRouteCostsHalfASecond()
    {
        var run = new Run(1, interval: 10);
        run.For(5);
        run.Net.RouteFaults[0] = Good with { Loss = 1 };
        run.For(5);
        Assert.InRange(run.Sent - run.Came, 20, 60);
    }

    /// <summary>A message of more packets than may be copied in a step is copied now and then, so another route can prove itself.</summary>
    [Fact]
    public void AFlowOfLargeMessagesLeavesADeadRoute()
    {
        var run = new Run(1, interval: 50, length: 200_000);
        run.For(5);
        run.Net.RouteFaults[0] = Good with { Loss = 1 };
        run.For(2);
        Assert.Single(run.Moves);
        Assert.InRange(run.Net.Layers[0].Counters.CopiesSent, 10, 2 * 10 * PathLimits.CopiesAtMost);
    }

    /// <summary>The way back is dead too: reports take the routes in turn.</summary>
    [Fact]
    public void ReportsFindTheirWayWhenTheirFirstRouteIsDead()
    {
        var run = new Run(2, interval: 10) { IsDeadBothWays = true };
        run.For(5);
        run.Net.RouteFaults[0] = Good with { Loss = 1 };
        run.For(2);
        Assert.Equal(1, run.Net.Layers[0].Counters.PathMoves);
        run.For(60);
        Assert.Equal(1, run.Net.Layers[0].Counters.PathMoves);
    }

    [Theory]
    [InlineData(0.02, 0.02)]
    [InlineData(0.1, 0.1)]
    [InlineData(0.3, 0.3)]
    [InlineData(1, 1)]
    [InlineData(0.05, 0)]
    public void ThereIsNoFlapping(double first, double second)
    {
        var moves = 0;
        const int Seeds = 10;
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var run = new Run(seed, interval: 20);
            run.Net.RouteFaults[0] = Good with { Loss = first };
            run.Net.RouteFaults[1] = Longer with { Loss = second };
            run.For(120);
            for (var i = 1; i < run.Moves.Count; i++)
                Assert.True(run.Moves[i].At - run.Moves[i - 1].At >= PathLimits.Stay, $"seed {seed}: {run}");
            moves += run.Moves.Count;
        }

        Assert.True(moves <= 6 * Seeds, $"{moves} moves in {Seeds} times 120 s");
    }

    [Fact]
    public void AGoodRouteIsNeverLeftAndNothingIsCopied()
    {
        var run = new Run(3, interval: 5);
        run.Net.RouteFaults[0] = Longer with { Loss = 0.002 };
        run.Net.RouteFaults[1] = Good;
        run.For(60);
        Assert.Empty(run.Moves);
        Assert.True(run.Net.Layers[0].Counters.CopiesSent < run.Sent / 100, $"{run.Net.Layers[0].Counters.CopiesSent} copies of {run.Sent}");
    }

    [Fact]
    public void WithoutAnotherRouteThereIsNothingToTry()
    {
        var run = new Run(4, interval: 10, routes: 1);
        run.Net.RouteFaults[0] = Good with { Loss = 0.5 };
        run.For(10);
        Assert.Equal(0, run.Net.Layers[0].Counters.PathTrials);
        Assert.InRange(run.Net.Layers[0].InspectPaths(run.Net.Now, TransportNet.IdOf(1))[0].Loss, 0.3, 0.7);
    }

    /// <summary>A third route is tried when the second is no better.</summary>
    [Fact]
    public void EveryRouteGetsItsTrial()
    {
        var run = new Run(5, interval: 10, routes: 3);
        run.Net.RouteFaults[0] = Good with { Loss = 0.3 };
        run.Net.RouteFaults[1] = Good with { Loss = 0.3 };
        run.Net.RouteFaults[2] = Longer;
        run.For(15);
        Assert.Equal(2, run.Moves[^1].To);
    }

    [Fact]
    public void ReportsAreTinyAndFlowsShareThem()
    {
        var run = new Run(6, interval: 10, flows: 100);
        var bytes = 0;
        var packets = 0;
        run.Net.Sniffer = (node, transmit, packet) =>
        {
            if (packet[0] >> 4 != 7)
                return;
            Assert.Equal(ServiceClass.Control, transmit.Class);
            packets++;
            bytes += packet.Length;
        };
        run.For(10);
        Assert.InRange(packets, 95, 105);
        Assert.True(bytes <= 105 * 100 * 10, $"{bytes} bytes");
    }

    /// <summary>More flows than an interval's reports have room for: each is told of in its turn.</summary>
    [Fact]
    public void ReportsAreBoundedHoweverManyFlowsThereAre()
    {
        var run = new Run(7, interval: 100, flows: 2_000);
        var packets = 0;
        run.Net.Sniffer = (_, _, packet) => packets += packet[0] >> 4 == 7 ? 1 : 0;
        run.For(5);
        Assert.InRange(packets, 150, 50 * PathLimits.ReportPackets);
        Assert.True(run.Net.Layers[0].InspectPaths(run.Net.Now, TransportNet.IdOf(1))[0].IsKnown);
    }

    /// <summary>One flow, or some, from node 0 to node 1, a message on each every few milliseconds.</summary>
    private sealed class Run
    {
        private readonly int _interval;
        private readonly int _length;
        private readonly List<FlowHandle> _flows = [];
        private readonly HashSet<(FlowId, ulong)> _seen = [];

        public Run(ulong seed, int interval, int routes = 2, int flows = 1, int length = 200)
        {
            _length = length;
            _interval = interval;
            Net = new TransportNet(seed);
            for (var token = 0; token < routes; token++)
            {
                Net.Layers[0].SetRoute(TransportNet.IdOf(1), token, [new((ushort)(30 + token)), TransportNet.IdOf(1)]);
                Net.Layers[1].SetRoute(TransportNet.IdOf(0), token, [new((ushort)(30 + token)), TransportNet.IdOf(0)]);
                Net.RouteFaults[token] = token == 0 ? Good : Longer;
            }

            Net.IsFaulty = (from, _) => from == 0 || IsDeadBothWays;
            Net.Pipe.Faults = Good;
            for (var i = 0; i < flows; i++)
            {
                Net.Layers[0].OpenRealtime(TransportNet.IdOf(1), 5, Deadline, out var flow);
                _flows.Add(flow);
            }

            Net.Application = node =>
            {
                while (Net.Layers[node].TryReceive(Net.Now, out var message))
                {
                    Came++;
                    Twice += _seen.Add((message.Flow, BinaryPrimitives.ReadUInt64BigEndian(message.Payload))) ? 0 : 1;
                }

                while (Net.Layers[node].TryPollPathMove(out var move))
                    Moves.Add(move);
            };
        }

        public TransportNet Net { get; }

        public bool IsDeadBothWays { get; init; }

        public List<PathMove> Moves { get; } = [];

        public long Sent { get; private set; }

        public long Came { get; private set; }

        public int Twice { get; private set; }

        public void For(double seconds)
        {
            var end = Net.Now + Duration.FromSeconds(seconds);
            var message = new byte[_length];
            while (Net.Now < end)
            {
                BinaryPrimitives.WriteInt64BigEndian(message, Sent++);
                foreach (var flow in _flows)
                    Assert.Equal(SendResult.Accepted, Net.Layers[0].Send(Net.Now, flow, message, out _));
                Net.RunFor(Duration.FromMilliseconds(_interval));
            }
        }

        public override string ToString() =>
            $"{string.Join(", ", Moves)}; {string.Join(", ", Net.Layers[0].InspectPaths(Net.Now, TransportNet.IdOf(1)))}; trials {Net.Layers[0].Counters.PathTrials}";
    }
}
