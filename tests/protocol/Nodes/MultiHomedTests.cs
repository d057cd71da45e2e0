using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>
/// Nodes with several addresses of both families, that advertise dead ones, holes and each other's as well, on a network where
/// addresses die and come back, members move, are told other addresses, and start again. Every seed must end with one link for
/// each pair, soon after all that is true can be reached again, and nobody is called more often than the pace allows.
/// docs/decisions/0031.
/// </summary>
public sealed class MultiHomedTests
{
    private const int Nodes = 5;
    private const int StormSeconds = 60;

    /// <summary>A round over eight addresses, a death before it, and an answer that was pending.</summary>
    private static readonly Duration Healing = Duration.FromSeconds(15);

    [Theory]
    [InlineData(1, 8)]
    [InlineData(9, 16)]
    [InlineData(17, 24)]
    public void EveryPairFindsAWayAsSoonAsThereIsOne(ulong first, ulong last)
    {
        for (var seed = first; seed <= last; seed++)
            new Run(seed).Check();
    }

    private sealed class Run(ulong seed)
    {
        private readonly DeterministicRandom _random = DeterministicRandom.FromNumber(seed);
        private readonly NodeMesh _mesh = new() { Delay = Duration.FromMilliseconds(40) };
        private readonly List<MeshNode> _nodes = [];
        private readonly HashSet<NetAddress> _dead = [];
        private readonly HashSet<(NetAddress, NetAddress)> _holes = [];
        private readonly HashSet<(NodeId, NodeId)> _dials = [];
        private uint _epoch = 1;

        public void Check()
        {
            using var mesh = _mesh;
            mesh.Tap = datagram => _dead.Contains(datagram.To) || _dead.Contains(datagram.From) || _holes.Contains((datagram.From, datagram.To)) ? null : datagram;
            Start();
            for (var second = 0; second < StormSeconds; second++)
            {
                Trouble();
                mesh.RunFor(Duration.FromSeconds(1));
            }

            _dead.Clear();
            _holes.Clear();
            var healed = mesh.Now;
            Assert.True(mesh.RunUntil(Healing, AllStand), $"Seed {seed}: {Missing()} after {mesh.Now - healed}.");
            mesh.RunFor(Duration.FromSeconds(30));
            Assert.True(AllStand(), $"Seed {seed}: {Missing()} at rest.");
            Assert.All(_nodes, node => Assert.Equal(Nodes - 1, node.Node.LinkCount));
            CheckPace();
        }

        private static int Place(MeshNode node) => node.Id.Value;

        /// <summary>Each node has both families, and one or two addresses of each.</summary>
        private void Start()
        {
            for (var id = 1; id <= Nodes; id++)
            {
                _nodes.Add(_mesh.Add(id));
                GiveHomes(_nodes[^1]);
            }

            foreach (var a in _nodes)
            {
                foreach (var b in _nodes.Where(b => Place(b) > Place(a)))
                {
                    var both = Chance(0.4);
                    if (both || Chance(0.5))
                        _dials.Add((a.Id, b.Id));
                    if (both || !_dials.Contains((a.Id, b.Id)))
                        _dials.Add((b.Id, a.Id));
                }
            }

            foreach (var node in _nodes)
                Meet(node);
        }

        private void GiveHomes(MeshNode node)
        {
            node.OtherAddresses.Add(NodeMesh.IPv6Of(Place(node)));
            if (Chance(0.5))
                node.OtherAddresses.Add(NodeMesh.AddressOf(100 + Place(node)));
            if (Chance(0.5))
                node.OtherAddresses.Add(NodeMesh.IPv6Of(100 + Place(node)));
        }

        private void Meet(MeshNode node)
        {
            foreach (var other in _nodes.Where(other => other != node))
            {
                Assert.True(node.Node.TryAddPeer(_mesh.Now, other.Id, other.Key.PublicKey, Advertised(node, other)));
                node.Node.SetLinkUse(_mesh.Now, other.Id, LinkUse.InUse);
            }
        }

        /// <summary>Some of the true addresses, at least one that never moves, among false ones.</summary>
        private NetAddress[] Advertised(MeshNode node, MeshNode other)
        {
            if (!_dials.Contains((node.Id, other.Id)))
                return [];
            List<NetAddress> all = [NodeMesh.IPv6Of(Place(other)), other.Address];
            all.AddRange(other.OtherAddresses.Where(_ => Chance(0.5)));
            while (all.Count < NodeLimits.MaxAddresses && Chance(0.6))
            {
                var someone = _nodes[Below(Nodes)];
                all.Add(Below(3) switch { 0 => someone.Address, 1 => NodeMesh.AddressOf(200 + Below(9)), _ => NodeMesh.IPv6Of(200 + Below(9)) });
            }

            return [.. all.Take(NodeLimits.MaxAddresses).OrderBy(_ => _random.NextUInt32())];
        }

        private void Trouble()
        {
            var node = _nodes[Below(Nodes)];
            var other = _nodes[Below(Nodes)];
            switch (Below(6))
            {
                case 0:
                    Toggle(_dead, HomesOf(node)[Below(HomesOf(node).Count)]);
                    break;
                case 1:
                    Toggle(_holes, (node.Address, other.Address));
                    Toggle(_holes, (NodeMesh.IPv6Of(Place(other)), NodeMesh.IPv6Of(Place(node))));
                    break;
                case 2:
                    foreach (var home in HomesOf(node).Where(home => home.IsIPv4))
                        Toggle(_dead, home);
                    break;
                case 3:
                    node.Address = node.Address with { Port = (ushort)(4_600 + Below(50)) };
                    break;
                case 4 when node != other:
                    Assert.True(node.Node.TryChangePeer(_mesh.Now, other.Id, other.Key.PublicKey, Advertised(node, other)));
                    break;
                case 5 when Chance(0.3):
                    Restart(node);
                    break;
                default:
                    break;
            }
        }

        private void Restart(MeshNode node)
        {
            var again = _mesh.Restart(node, ++_epoch);
            again.Address = node.Address;
            again.OtherAddresses.AddRange(node.OtherAddresses);
            _nodes[_nodes.IndexOf(node)] = again;
            Meet(again);
        }

        private bool AllStand() => _nodes.TrueForAll(node => _nodes.TrueForAll(other => node == other || Stands(node, other)));

        private static bool Stands(MeshNode node, MeshNode other) => node.LinkTo(other) is { IsSilent: false };

        private string Missing() => string.Join(", ", _nodes.SelectMany(node => _nodes
            .Where(other => other != node && !Stands(node, other))
            .Select(other => $"{node.Id} has no link to {other.Id}")));

        /// <summary>It holds for all of a member's addresses together, old and new.</summary>
        private void CheckPace()
        {
            var calls = _mesh.Recorded.Where(datagram => datagram.Type == MeshDatagram.NodeInitiation).ToList();
            Assert.NotEmpty(calls);

            // One initiation, but for the proof of its address, is one attempt to reach one member.
            foreach (var attempt in calls.GroupBy(call => Convert.ToHexString(call.Bytes[..^16]), StringComparer.Ordinal))
            {
                var times = attempt.Select(call => call.SentAt).Order().ToList();
                Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First >= NodeLimits.CallGap, $"Seed {seed}: two calls within {pair.Second - pair.First}."));
            }
        }

        private static List<NetAddress> HomesOf(MeshNode node) => [node.Address, .. node.OtherAddresses];

        private static void Toggle<T>(HashSet<T> set, T item)
        {
            if (!set.Remove(item))
                set.Add(item);
        }

        private int Below(int bound) => (int)(_random.NextUInt32() % (uint)bound);

        private bool Chance(double probability) => _random.NextDouble() < probability;
    }
}
