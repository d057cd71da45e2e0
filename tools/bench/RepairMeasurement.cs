using System.Diagnostics;
using WeCan.Contracts;
using WeCan.Protocol;
using WeCan.Protocol.Coding;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Bench;

/// <summary>
/// Whole repairs of full path packets, as a link makes and takes them: writing the frame over some symbols, and solving
/// the missing ones of 16, reading the frames included.
/// </summary>
internal sealed record RepairMeasurement(int Symbols, double NanosecondsEach, double AllocatedEach)
{
    private const int Window = 16;
    private const int Rounds = 2_000;
    private const int Runs = 9;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);

    public static IEnumerable<RepairMeasurement> Encoding() => ((int[])[2, 4, 8, 16]).Select(Encode);

    /// <summary>What each solved symbol costs.</summary>
    public static IEnumerable<RepairMeasurement> Decoding() => ((int[])[1, 2, 4, 8]).Select(Decode);

    /// <summary>Gigabytes of what is covered, a second.</summary>
    public double GigabytesPerSecond => Symbols * FecMeasurement.RegionBytes / NanosecondsEach;

    private static RepairMeasurement Encode(int symbols)
    {
        var bench = new Bench();
        return Measure(symbols, Window, () => bench.Encode(symbols));
    }

    private static RepairMeasurement Decode(int missing)
    {
        var bench = new Bench();
        return Measure(missing, missing, () => bench.Solve(missing));
    }

    /// <summary>The median of several runs of what says itself how long it took, after a while that only warms up.</summary>
    private static RepairMeasurement Measure(int symbols, int perRound, Func<long> round)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < WarmUp)
            round();
        var times = new double[Runs];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < Runs; run++)
        {
            var ticks = 0L;
            for (var i = 0; i < Rounds; i++)
                ticks += round();
            times[run] = Stopwatch.GetElapsedTime(0, ticks).TotalNanoseconds / (Rounds * perRound);
        }

        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(Runs * Rounds * perRound);
        return new(symbols, FecMeasurement.Median(times), allocated);
    }

    private sealed class Bench
    {
        private readonly PacketBuffer[] _window = new PacketBuffer[Window];
        private readonly byte[][] _frames = new byte[Window][];
        private readonly RepairDecoder _decoder = new(new PacketPool(64L << 20), new DropCounters());
        private SymbolWindow _taken;
        private ulong _next;
        private byte _row;

        public Bench()
        {
            for (var i = 0; i < Window; i++)
            {
                _window[i] = new(new byte[FecMeasurement.RegionBytes]) { Length = FecMeasurement.RegionBytes, Piece = DataFrame.Whole };
                new Random(i).NextBytes(_window[i].Bytes);
                _frames[i] = new byte[WireLimits.FullDatagram];
            }

            Number();
        }

        public long Encode(int symbols)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Window; i++)
            {
                var covered = _window.AsSpan(0, symbols);
                var writer = new WireWriter(_frames[i]);
                if (RepairEncoder.Measure(covered) == 0)
                    throw new InvalidOperationException("A repair of consecutive symbols was refused.");
                RepairEncoder.Write(ref writer, ServiceClass.Realtime, _row++, covered);
            }

            return Stopwatch.GetTimestamp() - start;
        }

        /// <summary>16 new symbols of which some are missing, as many repairs, and the time that these took.</summary>
        public long Solve(int missing)
        {
            Number();
            for (var i = 0; i < Window; i++)
            {
                if (i < missing)
                    continue;
                _taken.TryTake(_window[i].Symbol);
                _decoder.OnSymbol(_window[i].Symbol, DataFrame.Whole, _window[i].Packet);
            }

            Span<int> lengths = stackalloc int[Window];
            for (var i = 0; i < missing; i++)
            {
                var writer = new WireWriter(_frames[i]);
                RepairEncoder.Write(ref writer, ServiceClass.Realtime, (byte)i, _window);
                lengths[i] = writer.Length;
            }

            var start = Stopwatch.GetTimestamp();
            var solved = 0;
            for (var i = 0; i < missing; i++)
            {
                var reader = new WireReader(_frames[i].AsSpan(1, lengths[i] - 1));
                RepairFrame.TryRead(_frames[i][0], ref reader, out var frame);
                _decoder.OnRepair(frame, Serial.Expand24(frame.First, _taken.Next), _taken);
                while (_decoder.TryTakeSolved(out var symbol, out _, out _))
                    solved += _taken.TryTake(symbol) ? 1 : 0;
            }

            var elapsed = Stopwatch.GetTimestamp() - start;
            if (solved != missing)
                throw new InvalidOperationException($"Of {missing} missing symbols {solved} were solved.");
            return elapsed;
        }

        private void Number()
        {
            foreach (var packet in _window)
                packet.Symbol = _next++;
        }
    }
}
