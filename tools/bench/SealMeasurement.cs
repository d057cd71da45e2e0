using System.Diagnostics;
using WeCan.Protocol.Crypto;

namespace WeCan.Bench;

/// <summary>
/// Seals a datagram and opens the same bytes again, in place, over and over: what every packet costs at the least. Other
/// benchmarks report their rate as a ratio to <see cref="Fastest"/>, measured in the same run.
/// </summary>
internal sealed record SealMeasurement(AeadProvider Provider, CipherSuite Suite, int Size, double PacketsPerSecond, double BytesAllocatedPerPacket)
{
    /// <summary>As long as the clear head of a sealed datagram (docs/wire-format.md, section 4).</summary>
    private const int AssociatedBytes = 9;

    private const int Runs = 5;

    private static readonly TimeSpan RunTime = TimeSpan.FromMilliseconds(200);

    public string Cipher =>
        (Suite == CipherSuite.Aes128Gcm ? "aes-128-gcm/" : "chacha20-poly1305/") + Provider.Name;

    /// <summary>The best rate that any cipher and provider of this machine reach at this size.</summary>
    public static SealMeasurement Fastest(int size) =>
        All(size).MaxBy(measurement => measurement.PacketsPerSecond)!;

    public static IEnumerable<SealMeasurement> All(int size) =>
        from suite in (CipherSuite[])[CipherSuite.Aes128Gcm, CipherSuite.ChaCha20Poly1305]
        from provider in AeadProvider.All
        select Measure(provider, suite, size);

    /// <summary>The median of five runs, after one that only warms up.</summary>
    public static SealMeasurement Measure(AeadProvider provider, CipherSuite suite, int size)
    {
        using var sealing = AeadKey.Create(suite, provider, new byte[CipherSuites.KeyBytes(suite)], new byte[AeadKey.IvBytes]);
        using var opening = AeadKey.Create(suite, provider, new byte[CipherSuites.KeyBytes(suite)], new byte[AeadKey.IvBytes]);
        var datagram = new byte[AssociatedBytes + size + AeadKey.TagBytes];
        ulong number = 0;
        RunOnce(sealing, opening, datagram, ref number, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var first = number;
        var rates = new double[Runs];
        for (var run = 0; run < Runs; run++)
        {
            RunOnce(sealing, opening, datagram, ref number, out var rate);
            rates[run] = rate;
        }

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(number - first);
        Array.Sort(rates);
        return new(provider, suite, size, rates[Runs / 2], allocated);
    }

    private static void RunOnce(AeadKey sealing, AeadKey opening, Span<byte> datagram, ref ulong number, out double packetsPerSecond)
    {
        const int Batch = 256;
        var start = Stopwatch.GetTimestamp();
        var first = number;
        TimeSpan elapsed;
        do
        {
            for (var i = 0; i < Batch; i++)
                SealAndOpen(sealing, opening, datagram, number++);
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < RunTime);

        packetsPerSecond = (number - first) / elapsed.TotalSeconds;
    }

    private static void SealAndOpen(AeadKey sealing, AeadKey opening, Span<byte> datagram, ulong number)
    {
        var associated = datagram[..AssociatedBytes];
        var body = datagram[AssociatedBytes..];
        sealing.Seal(number, associated, body[..^AeadKey.TagBytes], body);
        if (!opening.TryOpen(number, associated, body, body))
            throw new InvalidOperationException("A datagram that was just sealed did not open.");
    }
}
