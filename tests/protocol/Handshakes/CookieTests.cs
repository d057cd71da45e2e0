using WeCan.Contracts;
using WeCan.Protocol.Handshakes;
using static WeCan.Protocol.Tests.Handshakes.HandshakeHarness;

namespace WeCan.Protocol.Tests.Handshakes;

/// <summary>Holds docs/wire-format.md, sections 3.3 and 3.6.</summary>
public sealed class CookieTests
{
    private static readonly NetAddress Elsewhere = NetAddress.FromIPv4(0xC000_0202, 4600);

    [Fact]
    public void Under_load_a_node_shows_its_address_first()
    {
        using var harness = new HandshakeHarness();
        Assert.Equal(InitiationOutcome.CookieSent, harness.ReadNode(harness.NodeInitiation(), out _, underLoad: true));
        Assert.True(harness.Node.TryReadCookie(harness.Reply));
        var second = harness.NodeInitiation();
        Assert.Equal(InitiationOutcome.CookieSent, harness.ReadNode(second, out _, underLoad: true, source: Elsewhere));
        Assert.Equal(InitiationOutcome.CookieSent, harness.ReadNode(second, out _, underLoad: true, source: Source with { Port = 4601 }));
        Assert.Equal(InitiationOutcome.Accepted, harness.ReadNode(second, out _, underLoad: true));
        Assert.Equal(InitiationOutcome.Accepted, harness.ReadNode(second, out _, underLoad: false, source: Elsewhere));
    }

    [Fact]
    public void Under_load_a_client_shows_its_address_before_its_token_is_looked_at()
    {
        using var harness = new HandshakeHarness();
        Assert.Equal(InitiationOutcome.CookieSent, harness.ReadClient(harness.ClientInitiation(), out _, underLoad: true));
        Assert.Equal(CookieReplyBytes, harness.Reply.Length);
        Assert.Equal(0, harness.Verifier.Asked);
        Assert.True(harness.Client.TryReadCookie(harness.Reply));
        Assert.Equal(InitiationOutcome.Accepted, harness.ReadClient(harness.ClientInitiation(), out var initiation, underLoad: true));
        var response = new byte[ClientResponseBytes];
        initiation!.Respond(new(1), At(0), response, out _);
        Assert.True(harness.Client.TryReadResponse(response, out _));
    }

    [Fact]
    public void A_wrong_mac1_gets_no_cookie()
    {
        using var harness = new HandshakeHarness();
        var bad = harness.NodeInitiation();
        bad[^20] ^= 1;
        Assert.Equal(InitiationOutcome.WrongMac, harness.ReadNode(bad, out _, underLoad: true));
    }

    [Theory]
    [InlineData(119_999, true)]
    [InlineData(120_000, true)]
    [InlineData(239_999, true)]
    [InlineData(240_000, false)]
    [InlineData(10_000_000, false)]
    public void A_cookie_counts_while_its_secret_is_the_present_or_the_one_before(long milliseconds, bool counts)
    {
        using var harness = new HandshakeHarness();
        harness.ReadNode(harness.NodeInitiation(), out _, underLoad: true);
        Assert.True(harness.Node.TryReadCookie(harness.Reply));
        var outcome = harness.ReadNode(harness.NodeInitiation(), out _, At(milliseconds), underLoad: true);
        Assert.Equal(counts ? InitiationOutcome.Accepted : InitiationOutcome.CookieSent, outcome);
        if (counts)
            return;
        Assert.True(harness.Node.TryReadCookie(harness.Reply));
        Assert.Equal(InitiationOutcome.Accepted, harness.ReadNode(harness.NodeInitiation(), out _, At(milliseconds), underLoad: true));
    }

    [Fact]
    public void Secrets_that_are_used_all_the_time_are_replaced_one_by_one()
    {
        using var harness = new HandshakeHarness();
        harness.ReadNode(harness.NodeInitiation(), out _, underLoad: true);
        Assert.True(harness.Node.TryReadCookie(harness.Reply));
        var initiation = harness.NodeInitiation();
        for (var second = 0; second < 600; second++)
        {
            var outcome = harness.ReadNode(initiation, out _, At(1_000L * second), underLoad: true);
            Assert.Equal(second < 240 ? InitiationOutcome.Accepted : InitiationOutcome.CookieSent, outcome);
        }
    }

    [Fact]
    public void Replies_that_are_changed_cut_or_meant_for_another_initiation_are_refused()
    {
        using HandshakeHarness harness = new(seed: 1), other = new(seed: 2);
        harness.ReadNode(harness.NodeInitiation(), out _, underLoad: true);
        var good = harness.Reply;
        for (var bit = 0; bit < 8 * good.Length; bit++)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(harness.Node.TryReadCookie(bad));
        }

        for (var length = 0; length < good.Length; length++)
            Assert.False(harness.Node.TryReadCookie(good.AsSpan(0, length)));
        Assert.False(harness.Node.TryReadCookie([.. good, 0]));
        Assert.False(other.Node.TryReadCookie(good));
        Assert.False(harness.Client.TryReadCookie(good));
        Assert.False(harness.NodeInitiation().AsSpan(^16..).ContainsAnyExcept((byte)0));
        Assert.True(harness.Node.TryReadCookie(good));
        Assert.True(harness.NodeInitiation().AsSpan(^16..).ContainsAnyExcept((byte)0));
    }
}
