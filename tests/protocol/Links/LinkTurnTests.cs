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
