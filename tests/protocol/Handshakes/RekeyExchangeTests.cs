using WeCan.Protocol.Handshakes;
using static WeCan.Protocol.Tests.Handshakes.HandshakeHarness;

namespace WeCan.Protocol.Tests.Handshakes;

/// <summary>Holds docs/wire-format.md, section 3.8.</summary>
public sealed class RekeyExchangeTests
{
    [Fact]
    public void Generation_after_generation_both_ends_agree_and_no_chain_secret_comes_twice()
    {
        using var harness = new HandshakeHarness();
        var response = harness.NodeResponse(out var responder);
        Assert.True(harness.Node.TryReadResponse(response, out var initiator));
        LinkSecrets left = initiator.Secrets, right = responder.Secrets;
        var chains = new HashSet<string>(StringComparer.Ordinal);
        for (uint generation = 0; generation < 5; generation++)
        {
            Assert.Equal(generation, left.Generation);
            Assert.True(chains.Add(Convert.ToHexString(left.ChainSecret)));
            AssertKeysMatch(left, right);
            using RekeyExchange leftExchange = new(harness.Random), rightExchange = new(harness.Random);
            Assert.True(leftExchange.TryComplete(left, rightExchange.OwnEphemeral.ToArray(), out var leftNext));
            Assert.True(rightExchange.TryComplete(right, leftExchange.OwnEphemeral.ToArray(), out var rightNext));
            left.Dispose();
            right.Dispose();
            (left, right) = (leftNext, rightNext);
        }
    }

    [Fact]
    public void Bytes_that_are_no_key_are_refused_and_the_true_ones_still_count()
    {
        using var harness = new HandshakeHarness();
        harness.NodeResponse(out var result);
        using RekeyExchange exchange = new(harness.Random), peer = new(harness.Random);
        var good = peer.OwnEphemeral.ToArray();
        foreach (var bad in (byte[][])[[], new byte[64], good[1..], [.. good, 0], [.. good[..63], (byte)(good[63] ^ 1)]])
            Assert.False(exchange.TryComplete(result.Secrets, bad, out _));
        Assert.True(exchange.TryComplete(result.Secrets, good, out _));
    }

    [Fact]
    public void Disposed_secrets_are_erased()
    {
        using var harness = new HandshakeHarness();
        harness.NodeResponse(out var result);
        result.Dispose();
        Assert.False(result.Secrets.ChainSecret.ContainsAnyExcept((byte)0));
        Assert.Throws<InvalidOperationException>(() => result.Secrets.TakeKeys());
    }
}
