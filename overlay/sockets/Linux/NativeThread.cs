using System.Runtime.InteropServices;

namespace WeCan.Sockets.Linux;

/// <summary>What Linux lets a thread ask for itself.</summary>
internal static partial class NativeThread
{
    private const int SetTimerSlack = 29;

    /// <summary>
    /// Has the calling thread woken when its time has come, and not up to 50 µs later, when the kernel would find it convenient;
    /// docs/decisions/0025. Best effort: where it is refused, pacing is as much coarser.
    /// </summary>
    public static void SharpenTimers()
    {
        if (OperatingSystem.IsLinux())
            _ = Control(SetTimerSlack, 1, 0, 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint value, nuint third, nuint fourth, nuint fifth);
}
