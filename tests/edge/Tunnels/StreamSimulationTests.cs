using WeCan.Contracts;
using WeCan.Edge.Tests.Tunnels.Simulated;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tests.Tunnels;

/// <summary>docs/tunnels.md, TCP: every byte once and in order, or a reset at both ends; never an orderly end before the last byte.</summary>
public sealed class StreamSimulationTests
{
    private const string Calm = "delay 20";
    private const string Bad = "delay 20 jitter 5 loss 5 burst 2 dup 1 reorder 2";

    [Theory]
    [InlineData(Calm, 1)]
    [InlineData(Bad, 2)]
    [InlineData(Bad, 3)]
    public void ManyConnectionsCarryEveryByteBothWaysToAnOrderlyEnd(string weather, ulong seed)
    {
        using var pair = new EdgePair(weather, seed);
        pair[EdgePair.Exit].MakeTarget = port => new SimStream(port * 997, 1_000 + port) { PeerKey = port };
        var programs = Enumerable.Range(100, 30).Select(port => pair.Open((ushort)port, sends: (port - 100) * 20_011)).ToList();

        Assert.True(pair.RunUntil(120, () => programs.TrueForAll(program => program.IsOver) && Ends(pair, EdgePair.Exit)), Describe(pair));

        Assert.All(programs, program => AssertWhole(program, program.PeerKey - 1_000));
        Assert.All(pair[EdgePair.Exit].Streams, target => AssertWhole(target, target.PeerKey));
        AssertNothingLeft(pair);

        void AssertWhole(SimStream stream, int port)
        {
            var expected = stream.PeerKey > 1_000 ? port * 997 : (port - 100) * 20_011;
            Assert.True(stream is { SawEnd: true, IsClosed: true, SawReset: false, WrongAt: -1 });
            Assert.Equal(expected, stream.Received);
        }
    }

    /// <summary>A window that is all that holds the sender up is taken for too small however long the way is.</summary>
    [Theory]
    [InlineData("delay 40", 5)]
    [InlineData("delay 250", 15)]
    [InlineData("delay 500", 30)]
    public void TheWindowGrowsToWhatALongWayNeeds(string weather, double seconds)
    {
        const int Sends = 20_000_000;
        using var pair = new EdgePair(weather, 12);
        SimStream? target = null;
        pair[EdgePair.Exit].MakeTarget = port => target = new SimStream(0, 1_000 + port) { PeerKey = port };
        pair.Open(50, Sends);

        Assert.True(pair.RunUntil(seconds, () => target?.Received == Sends), $"Only {target?.Received:N0} bytes arrived in {seconds} s of virtual time.");
    }

    /// <summary>With send memory for a part of what is written, flows are full again and again, also when a program ends.</summary>
    [Fact]
    public void WhatAFullFlowDidNotTakeGoesBeforeTheEnd()
    {
        const int Memory = 4 << 20;
        using var pair = new EdgePair("delay 100", 9, TransportOptions.Default with { SendMemory = Memory });
        var programs = Enumerable.Range(0, 50).Select(number => pair.Open((ushort)(100 + number), Length(number))).ToList();
        var most = 0L;

        Assert.True(pair.RunUntil(120, () =>
        {
            most = Math.Max(most, pair[EdgePair.Entry].Node.SendMemoryInUse);
            return programs.TrueForAll(program => program.IsOver) && Ends(pair, EdgePair.Exit);
        }), Describe(pair));

        Assert.InRange(most, Memory - 20_000, Memory);
        Assert.All(pair[EdgePair.Exit].Streams, target => Assert.True(target is { SawEnd: true, SawReset: false, WrongAt: -1 }));
        Assert.All(pair[EdgePair.Exit].Streams, target => Assert.Equal(Length(target.PeerKey - 100), target.Received));
        AssertNothingLeft(pair);

        static int Length(int number) => 1_000_000 + (number * 3_001);
    }

    [Fact]
    public void AnEndOfOneDirectionLeavesTheOtherOpen()
    {
        using var pair = new EdgePair(Calm, 4);
        SimStream? target = null;
        pair[EdgePair.Exit].MakeTarget = port => target = new SimStream(300_000, 1_000 + port) { PeerKey = port, Finishes = false };
        var program = pair.Open(50, sends: 1_000);

        Assert.True(pair.RunUntil(10, () => target is { SawEnd: true } && program.Received == 300_000));
        pair.Loop.RunFor(Duration.FromSeconds(20));

        Assert.False(program.IsOver || program.SawEnd || target!.IsOver);
        Assert.Equal(1_000, target!.Received);
    }

    [Theory]
    [InlineData(SimEdge.Refusing, RefusalReason.Refused)]
    [InlineData(SimEdge.Forbidden, RefusalReason.Policy)]
    public void ARefusalComesBackWithItsReasonAndResetsTheProgram(ushort port, object reason)
    {
        using var pair = new EdgePair(Calm, 5);
        var program = pair.Open(port, sends: 100_000);

        Assert.True(pair.RunUntil(5, () => program.SawReset));
        pair.Loop.RunFor(Duration.FromSeconds(5));

        Assert.Equal(1, pair[EdgePair.Exit].Core.Counters.RefusedHere((RefusalReason)reason));
        Assert.Equal(1, pair[EdgePair.Entry].Core.Counters.RefusedThere((RefusalReason)reason));
        AssertNothingLeft(pair);
    }

    [Fact]
    public void AnExitThatDoesNotAnswerIsGivenUp()
    {
        using var pair = new EdgePair(Calm, 6);
        var program = pair.Open(SimEdge.Silent, sends: 10);

        Assert.True(pair.RunUntil(TunnelLimits.OpenTimeout.Seconds + 1, () => program.SawReset));
        pair.Loop.RunFor(Duration.FromSeconds(5));

        Assert.Equal(1, pair[EdgePair.Entry].Core.Counters.RefusedThere(RefusalReason.TimedOut));
        AssertNothingLeft(pair);
    }

    /// <summary>The reader's edge holds a window and no more, the other direction flows on, and so do other connections.</summary>
    [Fact]
    public void AReaderThatStopsHoldsUpItsOwnDirectionAlone()
    {
        const int Sends = 30_000_000;
        using var pair = new EdgePair(Calm, 7);
        SimStream? target = null;
        pair[EdgePair.Exit].MakeTarget = port => port == 60
            ? target = new SimStream(2_000_000, 1_060) { PeerKey = 60, Room = 1_000_000 }
            : new SimStream(0, 1_000 + port) { PeerKey = port };
        var program = pair.Open(60, Sends);

        Assert.True(pair.RunUntil(20, () => program.Received == 2_000_000), "The direction that is read stood still.");
        pair.Loop.RunFor(Duration.FromSeconds(10));
        var stopped = program.Sent;
        var other = pair.Open(61, 3_000_000);
        Assert.True(pair.RunUntil(20, () => other.IsOver));
        pair.Loop.RunFor(Duration.FromSeconds(10));

        Assert.Equal(1_000_000, target!.Received);
        Assert.Equal(stopped, program.Sent);
        Assert.InRange(target.MostWaiting, 1, TunnelLimits.MaxWindow);
        Assert.InRange(program.Sent, 1_000_000, 1_000_000 + TunnelLimits.MaxWindow + TunnelLimits.ReadAhead);
        Assert.True(pair[EdgePair.Exit].Node.ReceiveMemoryInUse < 100_000, "What is not read lies in the transport, where it is in others' way.");

        pair.Call(EdgePair.Exit, (_, _) => target.Room = long.MaxValue);
        Assert.True(pair.RunUntil(60, () => target.IsOver));
        Assert.Equal(Sends, target.Received);
        Assert.Equal(-1, target.WrongAt);
    }

    [Theory]
    [InlineData(EdgePair.Entry)]
    [InlineData(EdgePair.Exit)]
    public void AProgramThatIsKilledIsAResetAtTheOtherEnd(int killed)
    {
        using var pair = new EdgePair(Bad, 8);
        SimStream? target = null;
        pair[EdgePair.Exit].MakeTarget = port => target = new SimStream(5_000_000, 1_000 + port) { PeerKey = port };
        var program = pair.Open(70, sends: 5_000_000);
        Assert.True(pair.RunUntil(20, () => target is { Received: > 100_000 } && program.Received > 100_000));

        pair.Call(killed, (edge, now) => edge.Streams[0].Kill(edge.Node, now));
        Assert.True(pair.RunUntil(10, () => target!.SawReset && program.SawReset));
        pair.Loop.RunFor(Duration.FromSeconds(10));

        Assert.False(target!.SawEnd || program.SawEnd);
        Assert.True(target.WrongAt < 0 && program.WrongAt < 0);
        AssertNothingLeft(pair);
    }

    [Theory]
    [InlineData(EdgePair.Entry, 11)]
    [InlineData(EdgePair.Exit, 12)]
    [InlineData(EdgePair.Entry, 13)]
    [InlineData(EdgePair.Exit, 14)]
    public void AnEdgeThatBeginsANewLifeResetsWhatItsLastOneHeld(int restarted, ulong seed)
    {
        using var pair = new EdgePair(Bad, seed);
        pair[EdgePair.Exit].MakeTarget = port => new SimStream(4_000_000, 1_000 + port) { PeerKey = port };
        var programs = Enumerable.Range(80, 5).Select(port => pair.Open((ushort)port, sends: 4_000_000)).ToList();
        Assert.True(pair.RunUntil(20, () => programs.TrueForAll(program => program.Received > 50_000)));
        var survivors = pair[1 - restarted].Streams;

        pair.Loop.Restart(restarted);
        pair[EdgePair.Exit].MakeTarget = port => new SimStream(0, 1_000 + port) { PeerKey = port };

        Assert.True(pair.RunUntil(60, () => survivors.TrueForAll(stream => stream.SawReset)), Describe(pair));
        Assert.All(survivors, stream => Assert.True(stream is { SawEnd: false, WrongAt: -1 }));
        var after = pair.Open(90, sends: 100_000);
        Assert.True(pair.RunUntil(60, () => after.IsOver), Describe(pair));
        Assert.True(after is { SawEnd: true, SawReset: false });
    }

    private static bool Ends(EdgePair pair, int host) => pair[host].Streams.TrueForAll(stream => stream.IsOver);

    private static void AssertNothingLeft(EdgePair pair)
    {
        for (var host = 0; host < 2; host++)
        {
            Assert.Equal(0, pair[host].Core.Streams.Count);
            Assert.Equal(0, pair[host].Core.Streams.Windows.Used);
            Assert.Equal(0, pair[host].Core.Counters.ConnectionsOpen);
        }
    }

    private static string Describe(EdgePair pair) =>
        $"{pair.Loop.Position}: {string.Join("; ", Enumerable.Range(0, 2).SelectMany(host => pair[host].Streams.Select(s => $"{host} sent {s.Sent}/{s.Sends} got {s.Received} end {s.SawEnd} reset {s.SawReset} closed {s.IsClosed} {s.Connection?.State}")))}";
}
