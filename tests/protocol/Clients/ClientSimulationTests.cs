using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Clients;

/// <summary>
/// Several clients of one edge at once over a network that loses, repeats, reorders and damages, with clocks hours apart, while
/// clients change their addresses: Signal and Bulk bring each message once and in order, Realtime none late or twice.
/// </summary>
public sealed class ClientSimulationTests
{
    private const int Clients = 4;
    private const int Messages = 150;

    private static readonly Duration Deadline = Duration.FromMilliseconds(200);

    [Theory]
    [InlineData(1, 0.0, 0.0)]
    [InlineData(2, 0.05, 0.0)]
    [InlineData(3, 0.3, 0.02)]
    [InlineData(4, 0.15, 0.1)]
    [InlineData(5, 0.3, 0.1)]
    public void EachMessageComesOnceAndInOrder(ulong seed, double loss, double corruption)
    {
        using var net = new ClientNet(seed) { Loss = loss, Corruption = corruption, Duplication = 0.1, Jitter = Duration.FromMilliseconds(15) };
        var random = DeterministicRandom.FromNumber(1_000 + seed);
        var ends = new List<Talk>();
        for (var id = 1; id <= Clients; id++)
        {
            var client = net.AddConnected(id, out var place, Duration.FromSeconds(id * 4_000));
            ends.Add(new(net, client, place, (byte)id));
        }

        for (var turn = 0; turn < Messages; turn++)
        {
            foreach (var end in ends)
                end.Say(random, turn);
            if (turn % 20 == 7)
                ends[turn % Clients].Client.Address = NetAddress.FromIPv4(0x0A03_0000 + (uint)turn, (ushort)(7_000 + turn));
            net.PollAll();
            net.RunFor(Duration.FromMilliseconds(20));
        }

        Assert.True(net.RunUntil(Duration.FromSeconds(120), () => ends.TrueForAll(end => end.IsDone)));
        Assert.All(ends, end => Assert.Equal(1, end.Client.Session.LinksMade));
        net.RunFor(Duration.FromSeconds(10));
        foreach (var end in ends)
            end.Check(minRealtime: loss > 0.2 ? 0.7 : 0.9);
        Assert.Equal(0, net.Edge.Clients.SendMemoryInUse);
        Assert.Equal(0, net.Edge.Clients.ReceiveMemoryInUse);
    }

    /// <summary>What one client and the edge say to each other: a flow of each class each way.</summary>
    private sealed class Talk
    {
        private static readonly ServiceClass[] Classes = [ServiceClass.Signal, ServiceClass.Bulk, ServiceClass.Realtime];

        private readonly ClientNet _net;
        private readonly ClientPlace _place;
        private readonly byte _id;
        private readonly FlowHandle[] _up = new FlowHandle[3];
        private readonly FlowHandle[] _down = new FlowHandle[3];
        private readonly Dictionary<(bool Up, int Class), List<(MonoTime At, byte[] Bytes)>> _said = [];

        public Talk(ClientNet net, ClientEnd client, ClientPlace place, byte id)
        {
            (_net, Client, _place, _id) = (net, client, place, id);
            for (var c = 0; c < 2; c++)
            {
                Assert.Equal(OpenResult.Opened, client.Session.OpenStream(Classes[c], 2, out _up[c]));
                Assert.Equal(OpenResult.Opened, net.Edge.Clients.OpenStream(place, Classes[c], 2, out _down[c]));
            }

            Assert.Equal(OpenResult.Opened, client.Session.OpenRealtime(2, Deadline, out _up[2]));
            Assert.Equal(OpenResult.Opened, net.Edge.Clients.OpenRealtime(place, 2, Deadline, out _down[2]));
            for (var c = 0; c < 3; c++)
                (_said[(true, c)], _said[(false, c)]) = ([], []);
        }

        public ClientEnd Client { get; }

        public bool IsDone => Enumerable.Range(0, 2).All(c => Heard(up: true, c).Count == Messages && Heard(up: false, c).Count == Messages);

        public void Say(DeterministicRandom random, int turn)
        {
            for (var c = 0; c < 3; c++)
            {
                Say(up: true, c, Draw(random, turn, c));
                Say(up: false, c, Draw(random, turn, c));
            }
        }

        public void Check(double minRealtime)
        {
            foreach (var ((up, c), said) in _said)
            {
                var heard = Heard(up, c);
                if (c < 2)
                    Assert.Equal(said.ConvertAll(one => one.Bytes), heard.ConvertAll(one => one.Payload));
                else
                    CheckRealtime(said, heard, minRealtime);
            }
        }

        private static void CheckRealtime(List<(MonoTime At, byte[] Bytes)> said, List<Nodes.MeshMessage> heard, double least)
        {
            Assert.True(heard.Count >= least * said.Count, $"Only {heard.Count} of {said.Count} Realtime messages came.");
            Assert.Equal(heard.Count, heard.Select(one => BinaryPrimitives.ReadInt32BigEndian(one.Payload)).Distinct().Count());
            foreach (var one in heard)
            {
                var (at, bytes) = said[BinaryPrimitives.ReadInt32BigEndian(one.Payload)];
                Assert.Equal(bytes, one.Payload);

                // Half a round trip at the most is what the clocks' offset may err, and 20 ms the round trip's least half.
                Assert.True(one.At - at <= Deadline + Duration.FromMilliseconds(36), $"A Realtime message came after {one.At - at}.");
            }
        }

        private void Say(bool up, int c, byte[] bytes)
        {
            var result = up
                ? Client.Session.Send(Client.At(_net.Now), _up[c], bytes, out _)
                : _net.Edge.Clients.Send(_net.Now, _down[c], bytes, out _);
            Assert.Equal(SendResult.Accepted, result);
            _said[(up, c)].Add((_net.Now, bytes));
        }

        private List<Nodes.MeshMessage> Heard(bool up, int c) =>
            [.. (up ? _net.Received.Where(one => ClientPlace.Of(one.Flow) == _place) : Client.Received).Where(one => one.Class == Classes[c])];

        private byte[] Draw(DeterministicRandom random, int turn, int c)
        {
            var bytes = new byte[5 + (random.NextUInt32() % (c == 1 ? 6_000u : c == 2 ? 2_500u : 300u))];
            random.Fill(bytes);
            BinaryPrimitives.WriteInt32BigEndian(bytes, turn);
            bytes[4] = _id;
            return bytes;
        }
    }
}
