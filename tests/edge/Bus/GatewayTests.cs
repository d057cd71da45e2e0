using System.Text;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Tests.Bus;

/// <summary>Clients and an edge over real links of the protocol, on a network that loses.</summary>
public sealed class GatewayTests
{
    private static readonly Duration Patience = Duration.FromSeconds(60);

    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(2, 0.1)]
    [InlineData(3, 0.3)]
    public void Messages_cross_a_bad_last_mile_once_and_in_order(int seed, double loss)
    {
        using var wires = new GatewayWires(seed, loss);
        var shop = wires.Join("shop");
        var ann = wires.Join("ann");
        ann.Subscribe("shop.orders.*");
        Assert.True(wires.RunUntil(() => ann.Confirmed == 1 && shop.Readies == 1, Patience));

        for (var number = 0; number < 500; number++)
            shop.Publish("shop.orders.new", number, bytes: number % 50 == 7 ? 200_000 : 100);

        Assert.True(wires.RunUntil(() => shop.Settled == 500 && ann.Heard.Count == 500, Patience));
        Assert.Equal(Enumerable.Range(0, 500), ann.Heard);
    }

    [Fact]
    public void A_request_on_a_clean_path_takes_a_round_trip_and_little_more()
    {
        using var wires = new GatewayWires(4, loss: 0);
        var shop = wires.Join("shop");
        var ann = wires.Join("ann");
        ann.Subscribe("shop.a");
        var start = wires.Now;
        Assert.True(wires.RunUntil(() => ann.Confirmed == 1, Patience));

        // The handshake, the greeting, and the subscription: three round trips of 40 ms.
        Assert.InRange((wires.Now - start).Milliseconds, 120, 130);
        wires.RunUntil(() => shop.Readies == 1, Patience);
        start = wires.Now;
        shop.Publish("shop.a", 1);
        Assert.True(wires.RunUntil(() => ann.Heard.Count == 1, Patience));
        Assert.InRange((wires.Now - start).Milliseconds, 40, 45);
    }

    [Fact]
    public void Who_has_no_good_token_gets_no_answer()
    {
        using var wires = new GatewayWires(5, loss: 0);
        var stranger = wires.Join(Encoding.ASCII.GetBytes("eyJhbGciOiJub25lIn0.e30.AAAA"));
        Assert.False(wires.RunUntil(() => stranger.Readies > 0, Duration.FromSeconds(10)));
        Assert.Equal(0, wires.Clients);
        Assert.True(wires.Counters.RefusedTokens(TokenFault.WrongAlgorithm) > 0);
    }

    [Fact]
    public void A_token_s_end_is_the_client_s_and_it_is_told()
    {
        using var wires = new GatewayWires(6, loss: 0);
        var ann = wires.Join("ann", life: Duration.FromSeconds(5));
        Assert.True(wires.RunUntil(() => ann.Readies == 1, Patience));
        Assert.True(wires.RunUntil(() => ann.Goodbyes.Count == 1, Duration.FromSeconds(7)));
        Assert.StartsWith("The token ended at ", ann.Goodbyes[0], StringComparison.Ordinal);
    }
}
