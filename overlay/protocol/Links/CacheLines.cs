using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace WeCan.Protocol.Links;

/// <summary>
/// Asks the processor for memory that will be needed soon. A node that shares its processor finds the packets that it has not touched for a
/// millisecond in no near cache, and would wait for each of them in turn. Only a hint: nothing is read, whatever the reference is.
/// </summary>
internal static class CacheLines
{
    private const int Line = 64;

    /// <summary>The head of an object, so many lines of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(T? one, int lines)
        where T : class
    {
        if (!Sse.IsSupported)
            return;

        // The collector may move the object meanwhile: then the hint is in vain.
        var at = (byte*)Unsafe.As<T?, nint>(ref one);
        for (var i = 0; i < lines; i++)
            Sse.Prefetch0(at + (i * Line));
    }
}
