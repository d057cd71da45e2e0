using System.Diagnostics;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Transport;

namespace WeCan.Bench;

/// <summary>
/// Messages of a Signal flow between two transports back to back in memory, confirmed and taken, in the clear and sealed
/// end to end: the rates, and what the sealed one allocates.
/// </summary>
internal sealed record EdgeMeasurement(int Size, double ClearPerSecond, double SealedPerSecond, double AllocatedPerMessage)
{
    private const int Runs = 9;
    private const int Batch = 16;

    private static readonly TimeSpan RunTime = TimeSpan.FromMilliseconds(200);

    /// <summary>Sealed to clear.</summary>
    public double Ratio => SealedPerSecond / ClearPerSecond;

    /// <summary>The medians of runs in turn, after one of each that only warms up.</summary>
    public static EdgeMeasurement Measure(int size)
    {
        using var clear = new Ends(size, isSealed: false);
        using var sealing = new Ends(size, isSealed: true);
        var (clearRates, sealedRates) = (new double[Runs], new double[Runs]);
        clear.Run(out _);
        sealing.Run(out _);
        var allocated = double.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            clearRates[run] = clear.Run(out _);
            sealedRates[run] = sealing.Run(out var bytes);
            allocated = Math.Min(allocated, bytes);
        }

        Array.Sort(clearRates);
        Array.Sort(sealedRates);
        return new(size, clearRates[Runs / 2], sealedRates[Runs / 2], allocated);
    }

    private sealed class Ends : IDisposable
    {
        private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
        private readonly byte[] _message;
        private readonly P256KeyPair[] _keys;
        private readonly SealingLayer[] _sealings;
        private readonly TransportLayer[] _layers;
        private readonly FlowHandle _flow;
        private MonoTime _now = MonoTime.FromSeconds(1);

        public Ends(int size, bool isSealed)
        {
            var random = DeterministicRandom.FromNumber(1);
            _message = new byte[size];
            _keys = [P256KeyPair.Generate(random), P256KeyPair.Generate(random)];
            _sealings = [.. _keys.Select((key, i) => new SealingLayer(new NodeIdentity(key, IdOf(i), new BootEpoch(1)), random))];
            _layers = [.. _sealings.Select(layer => new TransportLayer(new BootEpoch(1), TransportOptions.Default, layer))];
            for (var i = 0; i < 2 && isSealed; i++)
                _layers[i].RequireSealing(_now, IdOf(1 - i), _keys[1 - i].PublicKey);
            _layers[0].OpenStream(IdOf(1), ServiceClass.Signal, 0, 0, out _flow);
        }

        /// <summary>Messages per second, and bytes allocated for each.</summary>
        public double Run(out double allocatedPerMessage)
        {
            var delivered = _layers[1].Counters.MessagesDelivered;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            TimeSpan elapsed;
            do
            {
                Exchange();
                elapsed = Stopwatch.GetElapsedTime(start);
            }
            while (elapsed < RunTime);

            delivered = _layers[1].Counters.MessagesDelivered - delivered;
            allocatedPerMessage = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)delivered;
            return delivered / elapsed.TotalSeconds;
        }

        public void Dispose()
        {
            foreach (var layer in _sealings)
                layer.Dispose();
            foreach (var key in _keys)
                key.Dispose();
        }

        private static NodeId IdOf(int place) => new((ushort)(place + 1));

        /// <summary>A round in a tenth of a millisecond, so that keys do not change while it is measured.</summary>
        private void Exchange()
        {
            for (var i = 0; i < Batch; i++)
            {
                if (_layers[0].Send(_now, _flow, _message, out _) != SendResult.Accepted)
                    break;
            }

            for (var turn = 0; turn < 2; turn++)
                Serve(turn);
            _now += Duration.FromMicroseconds(100);
            foreach (var layer in _layers)
            {
                if (layer.NextTimeout <= _now)
                    layer.HandleTimeout(_now);
            }
        }

        private void Serve(int from)
        {
            var gate = ClassGate.AllOpen;
            while (_layers[from].TryPollTransmit(_now, ref gate, _buffer, out var transmit, out var length))
                _layers[1 - from].HandlePacket(_now, IdOf(from), transmit.Class, transmit.Deadline, marked: false, _buffer.AsSpan(0, length));
            while (_layers[1 - from].TryReceive(_now, out _))
            {
            }

            while (_layers[from].TryPollEvent(out _))
            {
            }
        }
    }
}
