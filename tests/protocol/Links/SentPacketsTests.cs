using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

public sealed class SentPacketsTests
{
    /// <summary>Packets without data take numbers too, and the peer acknowledges them: such a number must not speak for an older packet.</summary>
    [Fact]
    public void ANumberThatCarriedNothingDoesNotInheritALoss()
    {
        var sent = default(SentPackets);
        for (var number = 0UL; number < 10; number++)
            Assert.Equal(number, sent.Add(default));
        for (var number = 0UL; number < 10; number++)
            sent.Remove(number);
        sent[3].WasLost = true;
        Assert.True(sent.WasLost(3));
        for (var taken = 10UL; taken < 200; taken++)
        {
            Assert.Equal(taken, sent.TakeNumber());
            Assert.False(sent.WasLost(taken), $"Packet {taken} carried nothing and counts as lost.");
        }
    }
}
