using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>The bounded sets and the timer heap, held against plain ones.</summary>
public sealed class WindowTests
{
    [Fact]
    public void NumberWindowNeverForgetsWhatItDecided()
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var random = new SimRandom(seed);
            var window = default(NumberWindow);
            var decided = new HashSet<uint>();
            var highest = 0u;
            for (var i = 0; i < 3_000; i++)
            {
                var number = random.Chance(0.9)
                    ? (uint)Math.Max(0, (int)highest + random.Below(12) - 6)
                    : (uint)Math.Max(0, (int)highest + random.Below(6_000) - 3_000);
                if (random.Chance(0.01))
                    number = highest + (uint)random.Below(40_000);
                var known = window.IsDecided(number);
                if (decided.Contains(number))
                    Assert.True(known, $"seed {seed}: {number} was forgotten");
                else if (highest - number < TransportLimits.FlowNumberWindow || number > highest)
                    Assert.False(known, $"seed {seed}: {number} counts as decided and is not");
                window.Decide(number);
                decided.Add(number);
                highest = Math.Max(highest, number);
                Assert.True(window.IsDecided(number));
            }
        }
    }

    [Fact]
    public void NumberWindowStandsTheLastNumber()
    {
        var window = default(NumberWindow);
        window.Decide(uint.MaxValue);
        window.Decide(uint.MaxValue - 1);
        Assert.True(window.IsDecided(uint.MaxValue));
        Assert.True(window.IsDecided(0));
        Assert.False(window.IsDecided(uint.MaxValue - 2));
    }

    [Theory]
    [InlineData(DuplicateWindow.Size)]
    [InlineData(DuplicateWindow.WideSize)]
    public void DuplicateWindowTakesEachNumberOnceAcrossTheWrap(int size)
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var random = new SimRandom(seed);
            var window = default(DuplicateWindow);
            if (size == DuplicateWindow.WideSize)
                window.Widen();
            var seen = new HashSet<long>();
            var highest = uint.MaxValue - 2_000L;
            Assert.True(window.TryTake((uint)highest));
            seen.Add(highest);
            for (var i = 0; i < 5_000; i++)
            {
                var number = highest + random.Below(random.Chance(0.02) ? 3 * size : 40) - random.Below(random.Chance(0.05) ? 2 * size : 40);
                var expected = number > highest || (highest - number < size && !seen.Contains(number));
                Assert.True(expected == window.TryTake((uint)number), $"seed {seed}: number {number} at {highest}");
                seen.Add(number);
                highest = Math.Max(highest, number);
            }
        }
    }

    [Fact]
    public void DuplicateWindowForgetsNothingWhenItIsWidened()
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var random = new SimRandom(seed);
            var window = default(DuplicateWindow);
            var seen = new HashSet<uint>();
            var highest = 20_000u + (uint)random.Below(10_000);
            for (var number = highest - 3_000; number != highest; number++)
            {
                if (random.Chance(0.7) && window.TryTake(number))
                    seen.Add(number);
            }

            Assert.Equal(!seen.Contains(highest), window.TryTake(highest));
            seen.Add(highest);
            window.Widen();
            for (var number = highest - 9_000; number != highest + 100; number++)
            {
                var expected = number > highest || (highest - number < DuplicateWindow.Size && !seen.Contains(number));
                Assert.True(expected == window.TryTake(number), $"seed {seed}: number {number} at {highest}");
            }
        }
    }

    [Fact]
    public void TimerHeapGivesEveryItemAtItsTimeAndNoneBefore()
    {
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var random = new SimRandom(seed);
            var heap = new TimerHeap();
            var items = Enumerable.Range(0, 100).Select(_ => new Item()).ToArray();
            for (var now = 0; now < 500; now++)
            {
                for (var i = 0; i < 5; i++)
                {
                    var item = items[random.Below(items.Length)];
                    if (random.Chance(0.1))
                        heap.Remove(item);
                    else
                        heap.Set(item, random.Chance(0.1) ? MonoTime.Never : new MonoTime(now + random.Below(50)));
                }

                var due = items.Where(item => item.Due.Nanoseconds <= now).ToHashSet();
                Assert.True(heap.Next <= new MonoTime(items.Min(item => item.Due.Nanoseconds)));
                while (heap.TryPopDue(new MonoTime(now), out var popped))
                {
                    Assert.True(due.Remove((Item)popped), $"seed {seed}: an item came early or twice");
                    heap.Set(popped, new MonoTime(now + 1 + random.Below(50)));
                }

                Assert.True(due.Count == 0, $"seed {seed}: {due.Count} items did not come");
            }
        }
    }

    private sealed class Item : TimerItem
    {
        public override void HandleTimeout(MonoTime now)
        {
        }
    }
}
