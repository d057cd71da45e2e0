using System.Runtime.InteropServices;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>What a link costs that has nothing to do, native cipher contexts included: at most 6 KiB.</summary>
[Collection(Alone.Name)]
public sealed class IdleLinkTests
{
    private const int Side = 32;
    private const int Links = Side * Side;
    private const int LimitBytes = 6 * 1_024;

    /// <summary>How often the links are made, and disposed of, for one weighing.</summary>
    private const int Rounds = 8;

    /// <summary>
    /// What is in use is known of the whole process only, and the runtime, which compiles in the background when it likes,
    /// takes and frees some MiB of its own meanwhile. What goes with the links when they are disposed of is exact in most
    /// rounds, so the median counts. What disposing leaves behind adds up over the rounds, while the runtime's own is spent
    /// once: so it is weighed over all of them, and once more where it seems too much, as a link that leaks does so again.
    /// </summary>
    [Fact]
    public void A_thousand_idle_links_fit_one_process_at_six_kibibytes_each()
    {
        var weight = Weigh();
        if (weight > LimitBytes)
            weight = Weigh();
        Assert.True(weight <= LimitBytes, $"An idle link costs {weight:N0} bytes at each end; the limit is {LimitBytes:N0}.");
    }

    /// <summary>The bytes that each end of a link takes, with both ends in this process.</summary>
    private static double Weigh()
    {
        var first = LeastInUse();
        var last = first;
        var managed = new List<double>();
        var native = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            using var mesh = new Mesh(Side);
            var unlinked = LeastInUse();
            mesh.Connect();
            mesh.Run(Duration.FromSeconds(15));
            Assert.All(mesh.Nodes, node => Assert.Equal(Side, node.LinkCount));
            var made = LeastInUse();
            managed.Add((made.Managed - unlinked.Managed) / (2.0 * Links));
            mesh.Dispose();
            last = LeastInUse();
            native.Add((made.Native - last.Native) / (2.0 * Links));
        }

        var (live, given, kept) = (Median(managed), Median(native), (last.Native - first.Native) / (2.0 * Links * Rounds));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"each end of a link: {live:N0} managed bytes, {given:N0} native ones that it gives back and {kept:N0} that stay behind");
        Assert.True(given > 0 || AeadProvider.Best == AeadProvider.DotNet, "The native part was not seen: mallinfo2 says nothing.");
        return live + given + Math.Max(0, kept);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>The least of a few looks: what a compilation under way holds is gone with it.</summary>
    private static (long Managed, long Native) LeastInUse()
    {
        var (managed, native) = (long.MaxValue, long.MaxValue);
        for (var look = 0; look < 4; look++)
        {
            managed = Math.Min(managed, GC.GetTotalMemory(forceFullCollection: true));
            native = Math.Min(native, NativeBytesInUse());
        }

        return (managed, native);
    }

    /// <summary>What glibc has handed out, in its arenas and by mmap.</summary>
    private static long NativeBytesInUse()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only glibc tells how much native memory is in use.");
        try
        {
            var info = Mallinfo2();
            return (long)(info.InUse + info.Mapped);
        }
        catch (EntryPointNotFoundException)
        {
            Assert.Skip("This C library has no mallinfo2.");
            throw;
        }
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    private static extern MallocInfo Mallinfo2();

    [StructLayout(LayoutKind.Sequential)]
    private struct MallocInfo
    {
        public nuint Arena, FreeChunks, FastBins, MappedRegions, Mapped, Highest, FreeFastBins, InUse, Free, KeepCost;
    }

    /// <summary>Two rows of nodes, each of one linked to each of the other, on virtual time and a pipe without faults.</summary>
    private sealed class Mesh : IDisposable
    {
        private readonly P256KeyPair[] _keys;
        private readonly Queue<(NetAddress From, NetAddress To, byte[] Bytes)> _wire = new();
        private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
        private readonly int _side;
        private MonoTime _now = MonoTime.FromSeconds(1);

        public Mesh(int side)
        {
            _side = side;
            _keys = [.. Enumerable.Range(0, 2 * side).Select(i => P256KeyPair.Generate(DeterministicRandom.FromNumber((ulong)i)))];
            Nodes = [.. Enumerable.Range(0, 2 * side).Select(Make)];
        }

        public Node[] Nodes { get; }

        public void Connect()
        {
            for (var left = 0; left < _side; left++)
            {
                for (var right = _side; right < 2 * _side; right++)
                {
                    Assert.True(Nodes[left].TryAddPeer(_now, IdOf(right), _keys[right].PublicKey, AddressOf(right)));
                    Assert.True(Nodes[right].TryAddPeer(_now, IdOf(left), _keys[left].PublicKey, NetAddress.None));
                }

                Run(Duration.FromSeconds(2));
            }
        }

        public void Run(Duration time)
        {
            var end = _now + time;
            for (var next = _now; next <= end; next = Nodes.Min(node => node.NextTimeout))
            {
                _now = MonoTime.Max(_now, next);
                for (var i = 0; i < Nodes.Length; i++)
                {
                    if (Nodes[i].NextTimeout <= _now)
                        Nodes[i].HandleTimeout(_now);
                    Pump(i);
                }
            }

            _now = end;
        }

        public void Dispose()
        {
            foreach (var node in Nodes)
                node.Dispose();
            foreach (var key in _keys)
                key.Dispose();
        }

        private static NodeId IdOf(int index) => new((ushort)(index + 1));

        private static NetAddress AddressOf(int index) => NetAddress.FromIPv4(0x0A00_0000u + (uint)index, 4_600);

        private Node Make(int index) => new(
            new NodeOptions { Id = IdOf(index), Epoch = new(1), Key = _keys[index] }, DeterministicRandom.FromNumber(10_000 + (ulong)index));

        /// <summary>Carries what a node wants to send, and all that follows from it.</summary>
        private void Pump(int index)
        {
            Poll(index);
            while (_wire.TryDequeue(out var datagram))
            {
                var to = (int)(datagram.To.Low & 0xFFFF);
                Nodes[to].HandleDatagram(_now, datagram.From, datagram.Bytes);
                Poll(to);
            }
        }

        private void Poll(int index)
        {
            while (Nodes[index].TryPollTransmit(_now, _buffer, out var to, out var length))
                _wire.Enqueue((AddressOf(index), to, _buffer.AsSpan(0, length).ToArray()));
        }
    }
}
