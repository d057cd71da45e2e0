using System.Runtime.CompilerServices;

namespace WeCan.Contracts;

/// <summary>
/// Arithmetic that stops at the ends of 64 bits: a time too far away is as far away as times go, where wrapping would
/// make it long past and let a timer fire at once, for ever.
/// </summary>
internal static class Saturating
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Add(long left, long right)
    {
        var sum = left + right;
        return ((left ^ sum) & (right ^ sum)) < 0 ? End(left < 0) : sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Subtract(long left, long right)
    {
        var difference = left - right;
        return ((left ^ right) & (left ^ difference)) < 0 ? End(left < 0) : difference;
    }

    public static long Multiply(long left, long right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high == low >> 63 ? low : End(high < 0);
    }

    private static long End(bool isNegative) => isNegative ? long.MinValue : long.MaxValue;
}
