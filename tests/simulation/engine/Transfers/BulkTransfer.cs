using WeCan.Contracts;
using WeCan.Lab.Wan;
using WeCan.Protocol.Crypto;

namespace WeCan.Simulation.Transfers;

/// <summary>
/// Bulk over a <see cref="Bottleneck"/> in virtual time: one flow alone, or two pairs of hosts that share it. The nodes
/// are shipped ones with default options. Runs share nothing and may go side by side.
/// </summary>
public static class BulkTransfer
{
    private const ushort Port = 4_000;
    private const int SegmentBytes = 1_200;

    private static readonly Duration SampleEvery = Duration.FromMilliseconds(5);

    /// <summary>One flow of ours from a cold start, its handshake included.</summary>
    public static BulkResult Alone(Bottleneck bottleneck, ulong seed, Duration time)
    {
        using var run = new Run(bottleneck, seed);
        var received = run.AddPair(0, startAfter: Duration.Zero);
        return run.Measure(time, received, SegmentBytes);
    }

    /// <summary>The same of the modelled TCP.</summary>
    public static BulkResult LossBasedAlone(Bottleneck bottleneck, ulong seed, Duration time)
    {
        using var run = new Run(bottleneck, seed);
        var received = run.AddLossBased(0, MonoTime.Zero);
        return run.Measure(time, received, CubicSender.SegmentPayload);
    }

    /// <summary>The smaller part that one of two flows of ours gets, from the start of the second on.</summary>
    public static double ShareOfSelf(Bottleneck bottleneck, ulong seed, Duration time, Duration secondStarts)
    {
        using var run = new Run(bottleneck, seed);
        var first = run.AddPair(0, Duration.Zero);
        var second = run.AddPair(2, secondStarts);
        return run.MeasureShare(time, secondStarts, first, second);
    }

    /// <summary>The part that a flow of ours gets beside a modelled TCP, whichever began first.</summary>
    public static double ShareBesideLossBased(Bottleneck bottleneck, ulong seed, Duration time, Duration secondStarts, bool oursFirst)
    {
        using var run = new Run(bottleneck, seed);
        var ours = run.AddPair(0, oursFirst ? Duration.Zero : secondStarts);
        var theirs = run.AddLossBased(2, oursFirst ? MonoTime.Zero + secondStarts : MonoTime.Zero);
        return run.MeasurePart(time, secondStarts, ours, theirs);
    }

    private sealed class Run : IDisposable
    {
        private readonly Scenario _scenario;
        private readonly SimulationLoop _loop;
        private readonly ulong _seed;
        private readonly List<P256KeyPair> _keys = [];

        public Run(Bottleneck bottleneck, ulong seed)
        {
            _seed = seed;
            _scenario = Scenario.Parse(bottleneck.Scenario, "bulk");
            _loop = new SimulationLoop(_scenario, new() { Seed = seed });
        }

        /// <summary>Two nodes of ours on a host and the one after it; answers how to ask for the payload received.</summary>
        public Func<long> AddPair(int host, Duration startAfter)
        {
            var random = DeterministicRandom.FromNumber(_seed + (ulong)host);
            var (from, to) = (P256KeyPair.Generate(random), P256KeyPair.Generate(random));
            _keys.AddRange([from, to]);
            NodeId sends = new(1), takes = new(2);
            var (fromAddress, toAddress) = (_scenario.Hosts[host].Address(Port), _scenario.Hosts[host + 1].Address(Port));
            var receiver = (TransferNode)_loop.AddHost(host + 1, Port, context =>
                new TransferNode(context, to, from.PublicKey, takes, sends, fromAddress, startAfter: null));
            _loop.AddHost(host, Port, context => new TransferNode(context, from, to.PublicKey, sends, takes, toAddress, startAfter));
            return () => receiver.ReceivedBytes;
        }

        public Func<long> AddLossBased(int host, MonoTime startAt)
        {
            var receiver = (CubicReceiver)_loop.AddHost(host + 1, Port, _ => new CubicReceiver());
            var target = _scenario.Hosts[host + 1].Address(Port);
            var clock = _loop.Clock(host);
            _loop.AddHost(host, Port, _ => new CubicSender(target, clock.ToLocal(startAt)));
            return () => receiver.Received * CubicSender.SegmentPayload;
        }

        public BulkResult Measure(Duration time, Func<long> received, int packetPayload)
        {
            var waits = new List<double>();
            for (var at = MonoTime.Zero; at < MonoTime.Zero + time; at += SampleEvery)
            {
                _loop.RunUntil(at);
                waits.Add(_loop.Network.Backlog(0, 1).Milliseconds);
            }

            _loop.RunFor(SampleEvery);
            waits.Sort();
            var payload = received();
            var plain = (double)payload / packetPayload * (packetPayload + WanLimits.IpUdpHeader);
            return new(payload * 8 / time.Seconds / 1e6, waits[waits.Count / 2], _loop.Network.Counters(0, 1).SentBytes / plain);
        }

        public double MeasureShare(Duration time, Duration from, Func<long> first, Func<long> second)
        {
            var part = MeasurePart(time, from, first, second);
            return Math.Min(part, 1 - part);
        }

        public double MeasurePart(Duration time, Duration from, Func<long> first, Func<long> second)
        {
            _loop.RunFor(from);
            var (firstBefore, secondBefore) = (first(), second());
            _loop.RunFor(time - from);
            var (firstGot, secondGot) = (first() - firstBefore, second() - secondBefore);
            return (double)firstGot / (firstGot + secondGot);
        }

        public void Dispose()
        {
            _loop.Dispose();
            foreach (var key in _keys)
                key.Dispose();
        }
    }
}
