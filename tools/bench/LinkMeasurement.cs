using System.Diagnostics;
using WeCan.Contracts;
using WeCan.Protocol;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Bench;

/// <summary>
/// Two links back to back in memory, one thread at both ends, every packet sealed, sent, opened, delivered and
/// acknowledged; no coalescing, so that a packet is a datagram. What a hop costs without the kernel. The ratio is to
/// sealing and opening the same bytes alone, measured in the same run, turn by turn.
/// </summary>
internal sealed record LinkMeasurement(int Size, double PacketsPerSecond, double RatioToAead, double AllocatedPerPacket)
{
    private const int Runs = 5;
    private const int Batch = 32;

    private static readonly TimeSpan RunTime = TimeSpan.FromMilliseconds(300);

    public static LinkMeasurement Measure(int size)
    {
        var fastest = SealMeasurement.Fastest(size);
        var pair = new Pair(size, fastest.Suite);
        pair.Run(RunTime);
        pair.Run(RunTime);
        var rates = new double[Runs];
        var ratios = new double[Runs];
        var allocated = 0L;
        var packets = 0L;
        for (var run = 0; run < Runs; run++)
        {
            var alone = SealMeasurement.Measure(fastest.Provider, fastest.Suite, size).PacketsPerSecond;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var (count, elapsed) = pair.Run(RunTime);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            packets += count;
            rates[run] = count / elapsed.TotalSeconds;
            ratios[run] = rates[run] / alone;
        }

        Array.Sort(rates);
        Array.Sort(ratios);
        return new(size, rates[Runs / 2], ratios[Runs / 2], allocated / (double)packets);
    }

    private sealed class Pair
    {
        private readonly Link _a;
        private readonly Link _b;
        private readonly PacketPool _pool = new(64L << 20);
        private readonly byte[] _payload;
        private readonly byte[] _datagram = new byte[WireLimits.FullDatagram];
        private readonly byte[] _scratch = new byte[WireLimits.FullDatagram];
        private MonoTime _now = MonoTime.FromSeconds(1);

        public Pair(int size, CipherSuite suite)
        {
            _payload = new byte[size];
            _a = Make(suite, isInitiator: true, 1, 2);
            _b = Make(suite, isInitiator: false, 2, 1);
        }

        /// <summary>Carries packets from one to the other for so long; every one that is counted was delivered.</summary>
        public (long Packets, TimeSpan Elapsed) Run(TimeSpan time)
        {
            var start = Stopwatch.GetTimestamp();
            var first = _b.Counters.PacketsDelivered;
            TimeSpan elapsed;
            do
            {
                for (var i = 0; i < 8; i++)
                    Turn();
                elapsed = Stopwatch.GetElapsedTime(start);
            }
            while (elapsed < time);
            return (_b.Counters.PacketsDelivered - first, elapsed);
        }

        private Link Make(CipherSuite suite, bool isInitiator, byte id, byte peerId)
        {
            var random = DeterministicRandom.FromNumber(id);
            var drops = new DropCounters();
            using var handshake = new SymmetricState("bench link"u8, suite);
            var keys = new LinkKeys(LinkSecrets.FromHandshake(handshake, suite, isInitiator), random, _now);
            var options = new LinkOptions(
                new(id), new(peerId), NetAddress.FromIPv4(0x7F00_0001, peerId), isInitiator, Coalesces: false, Duration.FromMicroseconds(100));
            return new Link(options, keys, _pool, drops, _now);
        }

        /// <summary>A batch of packets in, all datagrams across both ways, 50 µs of the links' own time.</summary>
        private void Turn()
        {
            for (var i = 0; i < Batch && _a.QueuedPackets(ServiceClass.Signal) < 4 * Batch; i++)
            {
                var packet = _pool.TryRent(_payload.Length) ?? throw new InvalidOperationException("The pool is empty.");
                _payload.CopyTo(packet.Packet);
                packet.Class = ServiceClass.Signal;
                _a.Enqueue(_now, packet);
            }

            Carry(_a, _b);
            Carry(_b, _a);
            _now += Duration.FromMicroseconds(50);
            Wake(_a);
            Wake(_b);
        }

        private void Wake(Link link)
        {
            if (link.NextTimeout(_now) <= _now)
                link.HandleTimeout(_now);
        }

        private void Carry(Link from, Link to)
        {
            while (from.TryPollTransmit(_now, _datagram, out var length))
            {
                var datagram = _datagram.AsSpan(0, length);
                if (!SealedHeader.TryRead(datagram, out var header) || !to.TryOpen(_now, from.PeerAddress, header, datagram, _scratch))
                    throw new InvalidOperationException("A datagram that a link sent was refused by its peer.");
                while (to.TryReadDelivery(_now, out _, out _))
                {
                }
            }
        }
    }
}
