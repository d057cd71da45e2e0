using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Substrate;

public sealed class DeadlineHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    public void TheFirstIsTheEarliestOfTheLowestOwner(int owners)
    {
        var heap = new DeadlineHeap(owners);
        var deadlines = Enumerable.Repeat(MonoTime.Never, owners).ToArray();
        var random = new WanRandom(2);
        for (var i = 0; i < 20_000; i++)
        {
            var owner = random.Next(owners);
            deadlines[owner] = random.Next(5) == 0 ? MonoTime.Never : new(random.Next(30));
            heap.Set(owner, deadlines[owner]);
            Assert.Equal(deadlines.Min(), heap.First);
            Assert.Equal(Array.IndexOf(deadlines, deadlines.Min()), heap.FirstOwner);
        }
    }
}
