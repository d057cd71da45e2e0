using WeCan.Protocol.Sealing;
using WeCan.Protocol.Tests.Transport;

namespace WeCan.Protocol.Tests.Sealing;

public sealed class ReplayWindowTests
{
    /// <summary>No number twice; and every number once that lies less than the window below the highest.</summary>
    [Fact]
    public void EveryNumberIsFreshOnceAndOnlyOnce()
    {
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var random = new SimRandom(seed);
            var window = new ReplayWindow();
            var seen = new HashSet<ulong>();
            var start = (ulong)random.Below(3) * 40_000;
            for (var i = 0; i < 20_000; i++)
            {
                var number = random.Below(40) switch
                {
                    0 => window.Highest + (ulong)random.Below(100_000),
                    < 20 => window.Highest + (ulong)random.Below(4),
                    < 30 => window.Highest - (ulong)Math.Min((long)window.Highest, random.Below(SealingLimits.ReplayWindow + 200)),
                    _ => start + (ulong)random.Below(200_000),
                };
                var isFresh = window.IsFresh(number);
                if (seen.Contains(number))
                    Assert.False(isFresh, $"seed {seed}: {number} was fresh twice");
                else if (number > window.Highest || window.Highest - number < SealingLimits.ReplayWindow - 64)
                    Assert.True(isFresh, $"seed {seed}: {number} was not fresh below {window.Highest}");
                if (!isFresh)
                    continue;
                window.Add(number);
                seen.Add(number);
            }
        }
    }
}
