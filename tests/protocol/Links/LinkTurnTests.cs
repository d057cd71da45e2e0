using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>A link that others tell when it may send, and for what.</summary>
public sealed class LinkTurnTests : IDisposable
{
    private const int Size = 100;

    private readonly LinkPair _pair = new();
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];

    public LinkTurnTests()
    {
        _pair.RunFor(Duration.FromSeconds(2));
        while (_pair.A.Wants(_pair.Now) != Urgency.None)
            Assert.NotNull(Poll(Urgency.All));
        _pair.DeliveredToB.Clear();
    }

    [Theory]
    [InlineData(ServiceClass.Control, Urgency.Prompt)]
    [InlineData(ServiceClass.Realtime, Urgency.Prompt)]
    [InlineData(ServiceClass.Signal, Urgency.Signal)]
    [InlineData(ServiceClass.Bulk, Urgency.Bulk)]
    internal void A_packet_makes_the_link_want_its_kind_of_turn_and_no_other_sends_it(ServiceClass serviceClass, Urgency kind)
    {
        Enqueue(serviceClass);
        Assert.Equal(kind, _pair.A.Wants(_pair.Now));
        foreach (var other in (Urgency[])[Urgency.Vital, Urgency.Prompt, Urgency.Signal, Urgency.Bulk])
        {
            if (other != kind)
                Assert.Null(Poll(other));
        }

        Assert.Equal([serviceClass], Poll(kind));
        Assert.Equal(Urgency.None, _pair.A.Wants(_pair.Now));
    }

    /// <summary>All four would fit into one datagram, which carries packets of up to three classes.</summary>
    [Theory]
    [InlineData(Urgency.Prompt, new[] { ServiceClass.Control, ServiceClass.Realtime })]
    [InlineData(Urgency.Signal, new[] { ServiceClass.Signal, ServiceClass.Control, ServiceClass.Realtime })]
    [InlineData(Urgency.Bulk, new[] { ServiceClass.Bulk, ServiceClass.Control, ServiceClass.Realtime })]
    internal void A_turn_is_filled_up_with_more_urgent_things_only(Urgency turn, ServiceClass[] expected)
    {
        for (var serviceClass = ServiceClass.Bulk; serviceClass >= ServiceClass.Control && serviceClass <= ServiceClass.Bulk; serviceClass--)
            Enqueue(serviceClass);
        Assert.Equal(expected, Poll(turn));
    }

    /// <summary>A link that waits for its turn, however long, wakes nobody for what is due.</summary>
    [Fact]
    public void In_line_what_is_due_is_no_timeout()
    {
        _pair.AIsCutOff = true;
        Enqueue(ServiceClass.Bulk);
        var end = _pair.Now + Duration.FromMilliseconds(900);
        var wakes = 0;
        for (; _pair.Now < end && wakes < 1_000; wakes++)
        {
            Assert.True(_pair.A.NextTimeout(_pair.Now, inLine: true) > _pair.Now);
            _pair.Now = MonoTime.Min(end, _pair.A.NextTimeout(_pair.Now, inLine: true));
            _pair.A.HandleTimeout(_pair.Now);
        }

        Assert.InRange(wakes, 1, 100);
    }

    /// <summary>
    /// What is due and is not among what the link wants yet, as its timeout has still to come, wakes it all the same: a question, a probe, a change of keys
    /// would otherwise wait for whatever wakes it next.
    /// </summary>
    [Fact]
    public void In_line_what_nobody_has_seen_to_yet_is_a_timeout()
    {
        var (woken, left) = (0, 0);
        for (var seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            using var pair = new LinkPair(seed, isFast: true) { Loss = seed % 3 == 0 ? 0.1 : 0 };
            pair.A.Liveness.SetUse(pair.Now, seed % 2 == 0 ? LinkUse.InUse : LinkUse.None);
            pair.RunFor(seed % 5 == 0 ? LinkLimits.RekeyAfter - Duration.FromMilliseconds(250) : Duration.FromSeconds(random.NextDouble() * 3));
            for (var step = 0; step < 40 && !pair.A.IsDead; step++)
            {
                // Just when something comes due, alone or with all that came due since.
                pair.AIsCutOff = seed % 7 == 0 && step > 10;
                pair.RunFor(Duration.FromSeconds(random.NextDouble() * (seed % 4 == 1 ? 2 : 0.3)));
                pair.Now = MonoTime.Max(pair.Now, pair.A.NextTimeout(pair.Now)) + Duration.FromMilliseconds(step % 4 == 0 ? random.Next(60) : 0);
                pair.Send(pair.A, ServiceClass.Bulk, LinkPair.Numbered(1, Size));
                if (step % 3 > 0)
                    pair.A.TryPollTransmit(pair.Now, _buffer, out _, Urgency.Vital);
                var (now, before) = (pair.Now, pair.A.Wants(pair.Now));
                var next = pair.A.NextTimeout(now, inLine: before != Urgency.None);
                pair.A.HandleTimeout(now);
                var fresh = pair.A.Wants(now) & ~before;
                Assert.True(next <= now || fresh == Urgency.None, $"seed {seed}, step {step}: {fresh} was due, and the link was to wake {(next - now).Milliseconds} ms later");
                Assert.True(pair.A.IsDead || pair.A.Wants(now) == Urgency.None || pair.A.NextTimeout(now, inLine: true) > now, $"seed {seed}, step {step}: it would wake again at once");
                (woken, left) = (woken + (fresh != Urgency.None ? 1 : 0), left + (fresh == Urgency.None ? 1 : 0));
            }
        }

        Assert.True(woken > 30 && left > 1_000, $"Only {woken} times was something due, and {left} times not.");
    }

    public void Dispose() => _pair.Dispose();

    private void Enqueue(ServiceClass serviceClass) => _pair.Send(_pair.A, serviceClass, LinkPair.Numbered(1, Size));

    /// <summary>The classes of what A sends when it has this turn, in their order; null when it sends nothing.</summary>
    private IEnumerable<ServiceClass>? Poll(Urgency turn)
    {
        if (!_pair.A.TryPollTransmit(_pair.Now, _buffer, out var length, turn))
            return null;
        _pair.DeliveredToB.Clear();
        _pair.Inject(toA: false, _buffer[..length], LinkPair.AddressA);
        return _pair.DeliveredToB.Select(delivered => delivered.Class);
    }
}
