using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Substrate;

public sealed class SimulationLoopTests
{
    private const string Two = "host a 10.0.0.1\nhost b 10.0.0.2\n";
    private const string Bad = "link a b delay 20 jitter 5 loss 10 burst 2 dup 5 corrupt 2 reorder 5 rate 10\n";
    private const ushort Port = 4_600;

    [Fact]
    public void PingsComeBackAfterTwoDelays()
    {
        using var loop = Loop("link a b delay 40");
        var (a, b) = AddBoth(loop);
        loop.RunUntil(MonoTime.FromSeconds(1));
        Assert.Equal(MonoTime.FromSeconds(1), loop.Now);
        Assert.Equal((10, 9), (a.Pings, a.Pongs));
        Assert.Equal((10, 9), (b.Pings, b.Pongs));
        Assert.Equal(Duration.FromMilliseconds(80), a.Arrivals[1] - a.Timeouts[0]);
        Assert.Equal(0, loop.Unclaimed);
        loop.RunFor(Duration.FromMilliseconds(80));
        Assert.Equal(10, a.Pongs);
    }

    [Fact]
    public void TheSameSeedIsTheSameRunAndAnotherIsAnother()
    {
        var first = Print(1);
        Assert.Equal(first, Print(1));
        Assert.NotEqual(first.Fingerprint, Print(2).Fingerprint);
        Assert.NotEqual(first.Fingerprint, Print(1, "at 1 link a b down").Fingerprint);

        static (ulong Fingerprint, long Steps, string Events) Print(ulong seed, string more = "")
        {
            using var loop = Loop(Bad + more, new() { Seed = seed, MaxDriftPpm = 100 });
            var events = new Fingerprint();
            loop.Observer = seen => events.Add(seen.Fingerprint);
            AddBoth(loop);
            loop.RunUntil(MonoTime.FromSeconds(20));
            return (loop.Fingerprint, loop.Steps, events.Value.ToString());
        }
    }

    [Fact]
    public void ClocksAreApartAndDrift()
    {
        using var loop = Loop("host a drift 1000\nhost b drift -1000\n");
        var (a, b) = AddBoth(loop);
        Assert.True(a.Context.Now.Nanoseconds >= 1_000_000_000);
        Assert.NotEqual(a.Context.Now, b.Context.Now);
        loop.RunUntil(MonoTime.FromSeconds(1_000));
        Assert.Equal(10_010, a.Pings);
        Assert.Equal(9_990, b.Pings);
        Assert.All(a.Timeouts.Zip(a.Timeouts.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).Nanoseconds, 99_999_990, 100_000_010));
    }

    [Fact]
    public void NoTimeoutIsEarlyWhateverTheDrift()
    {
        using var loop = Loop(Bad, new() { MaxDriftPpm = 500, Seed = 9 });
        var (a, _) = AddBoth(loop);
        loop.RunUntil(MonoTime.FromSeconds(60));
        Assert.All(a.Timeouts.Select((at, i) => at - (a.Context.Now + (Duration.FromMilliseconds(100) * (i + 1L)))), late => Assert.InRange(late.Nanoseconds, 0, 1));
    }

    [Fact]
    public void ACrashedHostIsGoneAndItsNextLifeIsAnother()
    {
        using var loop = Loop("link a b delay 40\nat 1.05 host b crash\nat 2 host b restart");
        var (a, b) = AddBoth(loop);
        loop.RunUntil(MonoTime.FromSeconds(1.5));
        Assert.True(b.Disposed);
        Assert.Null(loop.Host("b"));
        Assert.Equal(10, b.Pings);
        var pongs = a.Pongs;
        Assert.True(loop.Unclaimed > 0);
        loop.RunUntil(MonoTime.FromSeconds(3));
        var next = Assert.IsType<ToyHost>(loop.Host("b"));
        Assert.NotSame(b, next);
        Assert.Equal((new(1), new(2)), (b.Context.Epoch, next.Context.Epoch));
        Assert.NotEqual(b.Context.Seed, next.Context.Seed);
        Assert.Equal(Duration.FromSeconds(2), next.Context.Now - b.Context.Now);
        Assert.True(a.Pongs > pongs);
    }

    [Fact]
    public void ARestartMayComeWithAnotherClock()
    {
        using var loop = Loop("");
        AddBoth(loop);
        loop.RunUntil(MonoTime.FromSeconds(10));
        var next = (ToyHost)loop.Restart(1, new HostClock(-Duration.FromSeconds(9)));
        Assert.Equal(MonoTime.FromSeconds(1), next.Context.Now);
        loop.RunFor(Duration.FromSeconds(1));
        Assert.Equal(10, next.Pings);
    }

    [Fact]
    public void ActionsRunAtTheirTimesAndCallsAreCarriedAtOnce()
    {
        using var loop = Loop("link a b delay 7");
        var (a, b) = AddBoth(loop, Duration.FromSeconds(3_600));
        var order = new List<int>();
        loop.At(MonoTime.FromSeconds(2), () => order.Add(2));
        loop.At(MonoTime.FromSeconds(1), () => order.Add(1));
        loop.At(MonoTime.FromSeconds(2), () => loop.Call<ToyHost>(0, (host, _) => host.Ping()));
        Assert.True(loop.RunUntil(MonoTime.FromSeconds(5), () => a.Pongs == 1));
        Assert.Equal([1, 2], order);
        Assert.Equal(MonoTime.FromSeconds(2) + Duration.FromMilliseconds(14), loop.Now);
        Assert.Single(b.Arrivals);
        Assert.False(loop.RunUntil(MonoTime.FromSeconds(5), () => a.Pongs == 2));
    }

    [Fact]
    public void TheNetworkAndTheProgramsChangeByOneLanguage()
    {
        using var loop = Loop("link a b delay 1");
        var (a, _) = AddBoth(loop);
        loop.Apply("link a b down");
        loop.RunFor(Duration.FromSeconds(1));
        Assert.Empty(a.Arrivals);
        loop.Apply("link a b up");
        loop.Apply("host b restart");
        loop.RunFor(Duration.FromSeconds(1));
        Assert.NotEmpty(a.Arrivals);
        loop.Apply("host b crash");
        Assert.Throws<InvalidOperationException>(() => loop.Call<ToyHost>(1, (host, _) => host.Ping()));
    }

    [Fact]
    public void AHostThatNeverMovesItsTimeoutIsNamed()
    {
        using var loop = Loop("", new() { Seed = 77 });
        loop.AddHost("a", Port, context => new StubbornHost(context, NetAddress.None, sends: false));
        var message = Assert.Throws<SimulationStuckException>(() => loop.RunUntil(MonoTime.FromSeconds(10))).Message;
        Assert.Contains("seed 77, t1.000000", message, StringComparison.Ordinal);
        Assert.Contains("time stands still after 100,000 events", message, StringComparison.Ordinal);
        Assert.Contains("a Timeout at host 'a', whose clock shows", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHostThatNeverStopsSendingIsNamed()
    {
        using var loop = Loop("");
        var message = Assert.Throws<SimulationStuckException>(
            () => loop.AddHost("a", Port, context => new StubbornHost(context, NetAddress.FromIPv4(0x0A000002, Port), sends: true))).Message;
        Assert.Contains("host 'a' sent over 20,000 datagrams at one poll", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunThatIsTooLongEnds()
    {
        using var loop = Loop("", new() { MaxSteps = 500 });
        AddBoth(loop);
        Assert.Contains(
            "over 500 events",
            Assert.Throws<SimulationStuckException>(() => loop.RunUntil(MonoTime.FromSeconds(1_000))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void RunningUntilNeverEndsWhenNothingIsLeft()
    {
        using var loop = Loop("at 5 link a b down");
        loop.RunUntil(MonoTime.Never);
        Assert.Equal(MonoTime.FromSeconds(5), loop.Now);
    }

    [Fact]
    public void DatagramsToAnotherPortAreUnclaimed()
    {
        using var loop = Loop("");
        loop.AddHost("b", Port, context => new ToyHost(context, NetAddress.None, Duration.FromSeconds(100)));
        var stranger = loop.Network.Scenario.Hosts[1].Address(Port + 1);
        loop.AddHost("a", Port, context => new ToyHost(context, stranger, Duration.FromSeconds(1)));
        loop.RunUntil(MonoTime.FromSeconds(3));
        Assert.Equal(3, loop.Unclaimed);
    }

    [Fact]
    public void ASteadyRunAllocatesNothing()
    {
        using var loop = Loop("link a b delay 20 loss 5", new() { MaxDriftPpm = 50 });
        var hosts = loop.Network.Scenario.Hosts;
        loop.AddHost("a", Port, context => new TickingHost(context, hosts[1].Address(Port)));
        var b = (TickingHost)loop.AddHost("b", Port, context => new TickingHost(context, hosts[0].Address(Port)));
        loop.RunUntil(MonoTime.FromSeconds(5));
        var before = GC.GetAllocatedBytesForCurrentThread();
        loop.RunUntil(MonoTime.FromSeconds(10));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.InRange(b.Received, 9_300, 9_700);
    }

    private static SimulationLoop Loop(string lines, SimulationOptions? options = null) => new(Scenario.Parse(Two + lines, "toy"), options);

    private static (ToyHost A, ToyHost B) AddBoth(SimulationLoop loop, Duration? interval = null)
    {
        var hosts = loop.Network.Scenario.Hosts;
        var every = interval ?? Duration.FromMilliseconds(100);
        var a = (ToyHost)loop.AddHost("a", Port, context => new ToyHost(context, hosts[1].Address(Port), every));
        var b = (ToyHost)loop.AddHost("b", Port, context => new ToyHost(context, hosts[0].Address(Port), every));
        return (a, b);
    }
}
