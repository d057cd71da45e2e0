using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.MessageBus.Protocol.Frames;
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

    [Fact]
    public void Who_came_by_a_key_that_is_taken_away_is_told_and_let_go_of_and_who_came_by_another_stays()
    {
        using var wires = new GatewayWires(7, loss: 0);
        var ann = wires.Join("ann");
        Assert.True(wires.RunUntil(() => ann.Readies == 1, Patience));
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var other = new TokenKey("next", next.ExportParameters(includePrivateParameters: false).Q, []);
        wires.Offer([wires.Key, other]);
        var token = BusWires.TokenOf("bob") with { Expires = wires.Clock + Duration.FromSeconds(3_600) };
        var bob = wires.Join(Encoding.ASCII.GetBytes(TokenMaker.Make(token, "next", next)));
        Assert.True(wires.RunUntil(() => bob.Readies == 1, Patience));
        Assert.Empty(ann.Goodbyes);

        var start = wires.Now;
        wires.Offer([other]);
        Assert.True(wires.RunUntil(() => ann.Goodbyes.Count == 1, Patience));
        Assert.Equal("The key \"k\", which signed the token, counts no more.", ann.Goodbyes[0]);
        Assert.Equal(GoodbyeReason.TokenRevoked, ann.Reason);
        Assert.InRange((wires.Now - start).Milliseconds, 0, 100);
        Assert.False(wires.RunUntil(() => bob.Goodbyes.Count > 0, Duration.FromSeconds(5)));
        Assert.Equal(1, wires.Counters.RevokedClients);

        var late = wires.Join("late");
        Assert.False(wires.RunUntil(() => late.Readies > 0, Duration.FromSeconds(5)));
        Assert.True(wires.Counters.RefusedTokens(TokenFault.UnknownKey) > 0);
    }

    [Theory]
    [InlineData(true, "ann")]
    [InlineData(false, "token of ann")]
    public void Who_is_revoked_is_told_and_stays_out(bool isClient, string name)
    {
        using var wires = new GatewayWires(8, loss: 0);
        var (ann, bob) = (wires.Join("ann"), wires.Join("bob"));
        Assert.True(wires.RunUntil(() => ann.Readies == 1 && bob.Readies == 1, Patience));
        wires.Offer([wires.Key], Revocation.Of(wires.Clock, "shop", isClient, name, null));
        Assert.True(wires.RunUntil(() => ann.Goodbyes.Count == 1, Patience));
        Assert.Equal(("The token was taken back.", GoodbyeReason.TokenRevoked), (ann.Goodbyes[0], ann.Reason));
        Assert.Empty(bob.Goodbyes);

        var again = wires.Join("ann");
        Assert.False(wires.RunUntil(() => again.Readies > 0, Duration.FromSeconds(5)));
        Assert.True(wires.Counters.RefusedTokens(TokenFault.Revoked) > 0);
    }

    [Fact]
    public void Who_is_at_an_edge_of_another_region_than_his_space_is_told_and_stays_out_until_it_is_opened()
    {
        using var wires = new GatewayWires(11, loss: 0);
        var ann = wires.Join("ann");
        Assert.True(wires.RunUntil(() => ann.Readies == 1, Patience));
        wires.Pin("eu", new Space("shop", ["eu"]), new Space("bank", ["us"]));
        Assert.False(wires.RunUntil(() => ann.Goodbyes.Count > 0, Duration.FromSeconds(3)));

        wires.Pin("eu", new Space("shop", ["us"]));
        Assert.True(wires.RunUntil(() => ann.Goodbyes.Count == 1, Patience));
        Assert.Equal(("The space shop is pinned to regions, and this edge is in none of them.", GoodbyeReason.OtherRegion), (ann.Goodbyes[0], ann.Reason));
        var again = wires.Join("ann");
        Assert.False(wires.RunUntil(() => again.Readies > 0, Duration.FromSeconds(3)));
        Assert.True(wires.Counters.RefusedTokens(TokenFault.OtherRegion) > 0);
        wires.Pin("eu");
        Assert.True(wires.RunUntil(() => again.Readies == 1, Patience));
    }

    /// <summary>Also where the token was found good before the revocation, and its client's link stands after it.</summary>
    [Fact]
    public void Nobody_slips_in_while_he_is_revoked()
    {
        for (var step = 0; step < 12; step++)
        {
            using var wires = new GatewayWires(9, loss: 0);
            var ann = wires.Join("ann");
            wires.RunUntil(() => false, Duration.FromMilliseconds(10 * step));
            wires.Offer([wires.Key], Revocation.Of(wires.Clock, "shop", isClient: true, "ann", null));
            Assert.False(wires.RunUntil(() => ann.Readies > 0 && ann.Goodbyes.Count == 0 && wires.Counters.RevokedClients == 0, Duration.FromSeconds(1)), $"step {step}");
        }
    }

    [Fact]
    public void Many_are_judged_a_few_at_a_time_and_all_of_them()
    {
        using var wires = new GatewayWires(10, loss: 0);
        var players = Enumerable.Range(0, 300).Select(number => wires.Join($"c{number}")).ToList();
        Assert.True(wires.RunUntil(() => players.TrueForAll(player => player.Readies == 1), Patience));
        wires.Offer([]);
        Assert.True(wires.RunUntil(() => players.TrueForAll(player => player.Goodbyes.Count == 1), Duration.FromSeconds(5)));
        Assert.Equal(300, wires.Counters.RevokedClients);
    }

    [Fact]
    public void Who_has_a_link_and_says_nothing_is_let_go_of()
    {
        using var wires = new GatewayWires(7, loss: 0);
        var ann = wires.Join("ann");
        Assert.True(wires.RunUntil(() => ann.Readies == 1, Patience));
        wires.JoinSilent("silent");
        Assert.True(wires.RunUntil(() => wires.Clients == 2, Patience));
        Assert.False(wires.RunUntil(() => wires.Counters.Ended(GoodbyeReason.Silent) > 0, Duration.FromSeconds(9)));
        Assert.True(wires.RunUntil(() => wires.Counters.Ended(GoodbyeReason.Silent) == 1 && wires.Clients == 1, Duration.FromSeconds(4)));
        Assert.False(wires.RunUntil(() => ann.Goodbyes.Count > 0, Duration.FromSeconds(30)));
    }
}
