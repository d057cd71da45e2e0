using System.Runtime.InteropServices;

namespace WeCan.Hosting.Daemon;

/// <summary>
/// What only a start needed: garbage of reading a configuration and of first sessions, and what the compiler worked in. Neither the
/// runtime nor the C library gives it back by itself, so that a daemon would be as large for ever as it was in its first seconds.
/// </summary>
internal static partial class SpentMemory
{
    /// <summary>
    /// Gives it back, if the heap is so small that all threads stand still for a few milliseconds only. A large one is in use, and its
    /// daemon's peers would miss it meanwhile.
    /// </summary>
    public static bool TryGiveBack()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) > HostingLimits.SmallHeapBytes)
            return false;
        GiveBack();
        return true;
    }

    internal static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            // Whether there was any matters to nobody.
            _ = TrimHeaps(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc, which keeps little.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeaps(nuint kept);
}
