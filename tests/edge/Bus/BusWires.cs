using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Tokens;
using WeCan.Protocol.Crypto;

namespace WeCan.Edge.Tests.Bus;

/// <summary>
/// Clients and edges, and a wire between each client and the edge that it is at: ordered, in pieces of any size, and cut at any byte.
/// Time is moved by hand.
/// </summary>
internal sealed class BusWires(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<BusPlayer, Wire> _wires = [];

    public BusCore Edge { get; private set; } = new((ulong)seed);

    public MonoTime Now { get; private set; } = MonoTime.FromSeconds(1);

    public static ClientToken TokenOf(string name, string publish = "shop.>", string subscribe = "shop.>") => new()
    {
        Space = "shop",
        Name = name,
        Expires = UnixTime.MaxValue,
        Publish = new([Encoding.UTF8.GetBytes(publish)]),
        Subscribe = new([Encoding.UTF8.GetBytes(subscribe)]),
    };

    public BusPlayer Join(string name, ClientToken? token = null)
    {
        Span<byte> random = stackalloc byte[DeterministicRandom.SeedBytes];
        _random.NextBytes(random);
        var player = new BusPlayer(random);
        _wires.Add(player, new(token ?? TokenOf(name)));
        Connect(player);
        return player;
    }

    public void Connect(BusPlayer player)
    {
        var wire = _wires[player];
        wire.Connection = Edge.Connect(wire.Token);
        player.Client.Connect();
    }

    /// <summary>The wire is cut: what is on it is gone.</summary>
    public void Cut(BusPlayer player)
    {
        var wire = _wires[player];
        wire.Connection?.Lose(Now);
        wire.Connection = null;
        player.Client.Disconnect();
    }

    public bool IsCut(BusPlayer player) => _wires[player].Connection is null;

    /// <summary>The edge dies, with all that it held, and another takes its place.</summary>
    public void Replace()
    {
        foreach (var player in _wires.Keys)
            Cut(player);
        Edge = new((ulong)_random.NextInt64());
    }

    public void Wait(Duration time)
    {
        Now += time;
        Edge.HandleTimeout(Now);
        foreach (var (player, wire) in _wires)
        {
            player.Client.HandleTimeout(Now);
            wire.Connection?.HandleTimeout(Now);
        }
    }

    /// <summary>Carries pieces until nobody has any, or so many. True when nobody has.</summary>
    public bool Carry(int pieces = int.MaxValue)
    {
        for (var idle = false; !idle;)
        {
            idle = true;
            foreach (var (player, wire) in _wires)
            {
                if (wire.Connection is not { } connection)
                    continue;
                var most = 1 + _random.Next(2_000);
                if (player.Client.TryTake(most, out var up))
                {
                    idle = false;
                    connection.Handle(Now, up.ToArray());
                    pieces--;
                }

                if (connection.TryTake(most, out var down))
                {
                    idle = false;
                    Assert.True(player.Client.TryHandle(Now, down.ToArray()));
                    pieces--;
                }

                if (pieces <= 0)
                    return false;
            }
        }

        return true;
    }

    /// <summary>Bytes that a client's own program would never send.</summary>
    public void Inject(BusPlayer player, ReadOnlySpan<byte> bytes) => _wires[player].Connection!.Handle(Now, bytes);

    public void InjectRealtime(BusPlayer player, Duration left, ReadOnlySpan<byte> bytes) => _wires[player].Connection!.HandleRealtime(Now, Now + left, bytes);

    private sealed class Wire(ClientToken token)
    {
        public ClientToken Token { get; } = token;

        public BusConnection? Connection { get; set; }
    }
}
