using System.Numerics;

namespace WeCan.Lab.Wan;

/// <summary>
/// The lab's source of chance: xoshiro256**, seeded through splitmix64. The same seed gives the same numbers on every
/// machine, since nothing here asks the platform's mathematics library; that is what lets a seed replay a run anywhere.
/// Not for secrets, and not for more than one thread.
/// </summary>
public sealed class WanRandom
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;
    private double _spareNormal = double.NaN;

    public WanRandom(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>The seed of a stream of its own: what one stream draws never moves another.</summary>
    public static ulong Derive(ulong seed, ulong stream)
    {
        var state = seed;
        state = SplitMix(ref state) ^ stream;
        return SplitMix(ref state);
    }

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>From 0, less than 1, in steps of 2^-53.</summary>
    public double Uniform() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0, less than <paramref name="bound"/>, every value equally likely.</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var product = (NextUInt64() >> 32) * (ulong)bound;
        if ((uint)product < (uint)bound)
        {
            var reject = (uint)-bound % (uint)bound;
            while ((uint)product < reject)
                product = (NextUInt64() >> 32) * (ulong)bound;
        }

        return (int)(product >> 32);
    }

    /// <summary>A normal deviate with mean 0 and deviation 1, by Marsaglia's polar method.</summary>
    public double Normal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            var spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }

        double x, y, square;
        do
        {
            x = (2 * Uniform()) - 1;
            y = (2 * Uniform()) - 1;
            square = (x * x) + (y * y);
        }
        while (square >= 1 || square == 0);
        var scale = Math.Sqrt(-2 * Ln(square) / square);
        _spareNormal = y * scale;
        return x * scale;
    }

    /// <summary>
    /// The natural logarithm of a normal positive number out of additions, multiplications and divisions alone, which
    /// are exact to the last bit everywhere; <see cref="Math.Log(double)"/> may differ by one between platforms.
    /// </summary>
    internal static double Ln(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        var ratio = (mantissa - 1) / (mantissa + 1);
        var square = ratio * ratio;
        var series = 1.0 / 19;
        for (var divisor = 17; divisor >= 1; divisor -= 2)
            series = (series * square) + (1.0 / divisor);
        return (exponent * 0.6931471805599453) + (2 * ratio * series);
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += GoldenGamma;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
