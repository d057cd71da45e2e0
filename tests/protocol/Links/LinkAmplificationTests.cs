using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>
/// A peer with the right keys gets at most three bytes for each of its own, however it makes the link answer, and for as
/// long as the link stands a peer that acknowledges nothing.
/// </summary>
public sealed class LinkAmplificationTests
{
    private const int Packets = 3_000;

    /// <summary>What a link says of itself: at first, for the path's size, and in each second, to show that it lives.</summary>
    private const int FirstBytes = 20_000;
    private const int BytesPerSecond = 6_400;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 6_000)]
    [InlineData(2, 0)]
    [InlineData(2, 6_000)]
    [InlineData(3, 1_000)]
    [InlineData(60, 6_000)]
    [InlineData(60, 50_000)]
    public void SmallPacketsGetSmallAnswers(int step, int apartMicroseconds)
    {
        using var peer = new LyingPeer(victimInitiates: false);
        var start = peer.Now;
        for (var i = 0; i < Packets && !peer.Victim.IsDead; i++)
        {
            peer.Next += (ulong)(step - 1);
            peer.Say([FrameType.Ping]);
            peer.Pass(Duration.FromMicroseconds(apartMicroseconds));
        }

        Assert.True(peer.SaidBytes > Packets, "The link died too soon to have answered much.");

        TestContext.Current.TestOutputHelper?.WriteLine($"{peer.SaidBytes:N0} bytes were answered with {peer.SentBytes:N0}, {(double)peer.SentBytes / peer.SaidBytes:0.00} for each");
        var own = FirstBytes + (BytesPerSecond * (peer.Now - start).Seconds);
        Assert.True(peer.SentBytes <= (3 * peer.SaidBytes) + own, $"{peer.SaidBytes:N0} bytes were answered with {peer.SentBytes:N0}.");
    }
}
