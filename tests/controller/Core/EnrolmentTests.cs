using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Core;

namespace WeCan.Controller.Tests.Core;

public sealed class EnrolmentTests
{
    private readonly ControllerCore _core = Samples.Core();

    [Fact]
    public void The_same_keys_and_token_give_the_same_member_however_often_and_late()
    {
        Token(1);
        var first = Enrol(1, 1).Member!;
        Assert.Equal((ushort)1, first.Number.Value);
        var version = _core.History.Version;

        foreach (var seconds in (double[])[0, 10, 3_600, 80_000])
        {
            _core.HandleTimeout(Samples.At(seconds));
            Assert.Equal(first, _core.Enrol(Samples.At(seconds), Samples.Order(1, 1)).Member);
        }

        Assert.Equal(version, _core.History.Version);
        Assert.Equal(0, _core.Tokens.Single().UsesLeft);
    }

    [Fact]
    public void Each_refusal_is_a_sentence_that_says_what_to_do()
    {
        Token(1);
        Token(2, NodeRole.Edge);
        Token(3, uses: 2);
        Says("There is no token 0000000000000009 here", Enrol(9, 1));
        Says("There is no token 0000000000000001 here", _core.Enrol(Samples.At(0), Samples.Order(1, 1) with { SecretHash = Samples.SecretHash(2) }));
        Says("is for a node of the role edge, and this one is of the role relay: make one with --role relay", Enrol(2, 1));
        Says("does not lie on the curve", _core.Enrol(Samples.At(0), Samples.Order(1, 1) with { OverlayKey = default }));
        Says("The name \"a b\" is not one", _core.Enrol(Samples.At(0), Samples.Order(1, 1) with { Name = "a b" }));
        Says("at most 8 addresses, not 9", _core.Enrol(Samples.At(0), Samples.Order(1, 1) with { Addresses = [.. Enumerable.Repeat(NetAddress.FromIPv4(1, 1), 9)] }));
        Says("ended at 2027-01-15T09:00:00Z", _core.Enrol(Samples.At(3_600), Samples.Order(1, 1)));

        Assert.NotNull(Enrol(1, 1).Member);
        Says("was used already", Enrol(1, 2));
        Says("One of this node's keys belongs to node 1 already", _core.Enrol(Samples.At(0), Samples.Order(3, 5) with { TlsKey = Samples.TlsKey(1) }));
        Says("One of this node's keys belongs to node 1 already", _core.Enrol(Samples.At(0), Samples.Order(3, 1) with { TlsKey = Samples.TlsKey(5) }));
        Assert.True(_core.RevokeToken(3));
        Says("was revoked", Enrol(3, 3));
        Assert.Single(_core.Members);
    }

    [Fact]
    public void A_token_s_words_win_over_the_node_s()
    {
        Assert.Null(_core.CreateToken(Samples.At(0), new() { Role = NodeRole.Edge, Region = "eu", Name = "given" }, 1, Samples.SecretHash(1)));
        var member = _core.Enrol(Samples.At(0), Samples.Order(1, 1, NodeRole.Edge) with { Name = "own", Region = "us", Site = "fra", Operator = "op" }).Member!;

        Assert.Equal(("given", "eu", "fra", "op"), (member.Name, member.Region, member.Site, member.Operator));
        Assert.Equal(new EdgeIndex(0, 0), member.Edge);
        Assert.Equal(Samples.Start + ControllerLimits.CertificateLife, member.Expires);
    }

    [Fact]
    public void Numbers_and_edge_indexes_are_dense_and_rest_for_a_day()
    {
        Token(1, NodeRole.Edge, uses: 20);
        for (ulong keys = 1; keys <= 4; keys++)
            Assert.Equal(((ushort)keys, (ushort)(keys - 1)), Places(0, keys));
        Assert.True(_core.Revoke(Samples.At(10), new(2)));
        Assert.False(_core.Revoke(Samples.At(10), new(2)));

        Assert.Equal(((ushort)5, (ushort)4), Places(20, 5));
        _core.HandleTimeout(Samples.At(86_400));
        Assert.Equal(((ushort)6, (ushort)5), Places(86_409, 6, token: 2));
        _core.HandleTimeout(Samples.At(86_420));
        Assert.Equal(((ushort)2, (ushort)1), Places(86_420, 7, token: 3));
    }

    [Fact]
    public void A_member_that_comes_with_a_new_token_stays_who_it_is()
    {
        Token(1);
        Token(2);
        var first = Enrol(1, 1).Member!;
        var again = _core.Enrol(Samples.At(500), Samples.Order(2, 1)).Member!;

        Assert.Equal(first with { Expires = first.Expires + Duration.FromSeconds(500) }, again);
        Assert.All(_core.Tokens, token => Assert.Equal(0, token.UsesLeft));
    }

    [Fact]
    public void Who_is_not_renewed_ends_with_its_certificate_and_a_little_grace()
    {
        Token(1);
        Enrol(1, 1);
        var end = ControllerLimits.CertificateLife.Seconds;
        _core.HandleTimeout(Samples.At(end + 290));
        Assert.Single(_core.Members);
        _core.HandleTimeout(Samples.At(end + 301));
        Assert.Empty(_core.Members);
        Assert.Equal(2UL, _core.History.Version.Number);
    }

    [Fact]
    public void Tokens_that_nobody_can_want_are_refused()
    {
        Assert.Contains("--uses 1", _core.CreateToken(Samples.At(0), new() { Role = NodeRole.Relay, Uses = 0 }, 1, default), StringComparison.Ordinal);
        Assert.Contains("--valid 1h", _core.CreateToken(Samples.At(0), new() { Role = NodeRole.Relay, ValidFor = Duration.FromSeconds(1e8) }, 1, default), StringComparison.Ordinal);
        Assert.Contains("The region", _core.CreateToken(Samples.At(0), new() { Role = NodeRole.Relay, Region = "ö" }, 1, default), StringComparison.Ordinal);
        Assert.Contains("lets one node in", _core.CreateToken(Samples.At(0), new() { Role = NodeRole.Relay, Name = "n", Uses = 2 }, 1, default), StringComparison.Ordinal);
        Assert.Empty(_core.Tokens);
    }

    private (ushort Number, ushort Edge) Places(double seconds, ulong keys, ulong token = 1)
    {
        if (token > 1)
            Assert.Null(_core.CreateToken(Samples.At(seconds), new() { Role = NodeRole.Edge }, token, Samples.SecretHash(token)));
        var outcome = _core.Enrol(Samples.At(seconds), Samples.Order(token, keys, NodeRole.Edge));
        Assert.True(outcome.Member is not null, outcome.Problem);
        return (outcome.Member.Number.Value, outcome.Member.Edge!.Value.Value);
    }

    private void Token(ulong id, NodeRole role = NodeRole.Relay, int uses = 1) =>
        Assert.Null(_core.CreateToken(Samples.At(0), new() { Role = role, Uses = uses }, id, Samples.SecretHash(id)));

    private EnrolOutcome Enrol(ulong token, ulong keys) => _core.Enrol(Samples.At(0), Samples.Order(token, keys));

    private static void Says(string expected, EnrolOutcome outcome)
    {
        Assert.Null(outcome.Member);
        Assert.Contains(expected, outcome.Problem, StringComparison.Ordinal);
    }
}
