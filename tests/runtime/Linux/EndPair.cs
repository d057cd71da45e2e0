using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Sockets.Linux;

namespace WeCan.Runtime.Tests.Linux;

/// <summary>Two sockets on the loopback, one to send from and one to receive at, each with the ends that the loop would drive.</summary>
internal sealed class EndPair : IDisposable
{
    private readonly Socket _from;
    private readonly Socket _to;
    private readonly WakeSocket _wake = new();
    private readonly SocketWaiter _waiter;
    private readonly IDatagramIngress _ingress;

    public EndPair(string bind, BatchCall? receive = null, BatchCall? send = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has the calls that this test is about.");
        var address = IPEndPoint.Parse(bind);
        _from = OverlaySocket.Open(address);
        _to = OverlaySocket.Open(address);
        _waiter = new SocketWaiter(_to, _wake.Socket);
        (_, Egress) = OverlaySocket.MakeEnds(_from, address, Sent, send: send);
        (_ingress, _) = OverlaySocket.MakeEnds(_to, address, Received, receive: receive);
        var local = OverlaySocket.LocalAddress(_to);
        To = address.Address.Equals(IPAddress.IPv6Any) ? NetAddress.FromIPv4(0x7F00_0001, local.Port) : local;
    }

    public DriverStatistics Sent { get; } = new();

    public DriverStatistics Received { get; } = new();

    public IDatagramEgress Egress { get; }

    public NetAddress To { get; }

    public ushort FromPort => OverlaySocket.LocalAddress(_from).Port;

    /// <summary>Hands over a datagram of this length whose bytes tell its number; the socket must have room.</summary>
    public void Send(int number, int length, NetAddress? to = null)
    {
        Fill(Egress.Draft[..length], number);
        Egress.Send(MonoTime.Zero, to ?? To, length);
    }

    /// <summary>The numbers of those that arrived, in their order, once there are so many; each is checked byte by byte.</summary>
    public List<int> Receive(int count)
    {
        var numbers = new List<int>();
        var expected = new byte[2_048];
        while (numbers.Count < count && (_ingress.HasMore || _waiter.Wait(Duration.FromSeconds(10), forWriting: false) != Readiness.None))
        {
            if (!_ingress.TryReceive(out var from, out var datagram))
                continue;
            Assert.Equal(FromPort, from.Port);
            var number = BitConverter.ToInt32(datagram);
            Fill(expected.AsSpan(0, datagram.Length), number);
            Assert.True(datagram.SequenceEqual(expected.AsSpan(0, datagram.Length)));
            Lengths.Add(datagram.Length);
            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Sends and receives rounds of so many, unchecked; the number of those that arrived.</summary>
    public int Pump(int count, int rounds)
    {
        var arrived = 0;
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < count; i++)
                Egress.Send(MonoTime.Zero, To, 1_000 + (i / 10));
            Egress.TryFlush(MonoTime.Zero);
            do
            {
                while (_ingress.TryReceive(out _, out _))
                    arrived++;
            }
            while (_ingress.HasMore || _waiter.Wait(Duration.Zero, forWriting: false) != Readiness.None);
        }

        return arrived;
    }

    /// <summary>How long each was that arrived.</summary>
    public List<int> Lengths { get; } = [];

    public bool IsSilent() => !_ingress.HasMore && _waiter.Wait(Duration.Zero, forWriting: false) == Readiness.None;

    public void Dispose()
    {
        _from.Dispose();
        _to.Dispose();
        _wake.Dispose();
    }

    private static void Fill(Span<byte> datagram, int number)
    {
        for (var i = 0; i < datagram.Length; i++)
            datagram[i] = (byte)(number * 31 + i);
        BitConverter.TryWriteBytes(datagram, number);
    }
}
