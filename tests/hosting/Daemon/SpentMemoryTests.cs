using System.Runtime.CompilerServices;
using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Tests.Daemon;

/// <summary>What nobody refers to any more goes back to the system, and not only to the collector.</summary>
public sealed class SpentMemoryTests
{
    private const long Spent = 256L << 20;

    [Fact]
    public void What_is_spent_is_given_back()
    {
        var before = Spend();
        SpentMemory.GiveBack();
        var given = before - GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
        Assert.True(given > Spent / 2, $"Of {Spent:N0} bytes of garbage {given:N0} were given back.");
    }

    [Fact]
    public void A_heap_that_is_in_use_is_left_alone()
    {
        var used = new byte[2 * HostingLimits.SmallHeapBytes];
        Assert.False(SpentMemory.TryGiveBack());
        GC.KeepAlive(used);
    }

    /// <summary>Makes garbage, and returns what the heap holds with it, which the collector says of its last collection.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Spend()
    {
        var garbage = Enumerable.Range(0, (int)(Spent >> 20)).Select(_ => new byte[1 << 20]).ToList();
        GC.Collect();
        var held = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
        GC.KeepAlive(garbage);
        return held;
    }
}
