using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Controller.Core;
using WeCan.Controller.Store;
using WeCan.Lab.Wan;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using ControlHash = WeCan.Contracts.Control.Fingerprint;

namespace WeCan.Simulation.World;

/// <summary>
/// A scenario's hosts with a node in each, a controller, and sessions between them that can be cut: links, reports, routes and
/// their use, whole, in virtual time. A host called c is left out, where it comes last: it is the controller's, and sessions have their own pipes.
/// </summary>
internal sealed class RoutedWorld : IDisposable
{
    private const ushort Port = 4_600;

    private static readonly UnixTime Start = new(1_800_000_000);
    private static readonly Duration Tick = Duration.FromMilliseconds(50);
    private static readonly NetworkId Network = new(new(3, 3));

    private readonly P256KeyPair[] _keys;
    private readonly ControlPipe?[] _pipes;
    private readonly bool[] _isDraining;
    private readonly bool[] _isCutOff;
    private readonly MemoryStore _store = new();
    private readonly Random _random;
    private MonoTime _backAt;

    public RoutedWorld(Scenario scenario, int seed)
    {
        _random = new(seed);
        Nodes = scenario.Hosts.Length - (scenario.Hosts[^1].Name == "c" ? 1 : 0);
        _keys = [.. Enumerable.Range(0, Nodes).Select(host => P256KeyPair.Generate(DeterministicRandom.FromNumber((ulong)host)))];
        _pipes = new ControlPipe?[Nodes];
        (_isDraining, _isCutOff) = (new bool[Nodes], new bool[Nodes]);
        Loop = new(scenario, new() { Seed = (ulong)seed, MaxDriftPpm = 100 });
        for (var host = 0; host < Nodes; host++)
            Loop.AddHost(host, Port, StartNode);
        _store.Commit(new() { Network = new(Network, "world", Start) });
        Core = NewCore();
        Enrol();
        Loop.At(Loop.Now, Turn);
    }

    public int Nodes { get; }

    public SimulationLoop Loop { get; }

    /// <summary>Null while no controller runs.</summary>
    public ControllerCore? Core { get; private set; }

    public int Said { get; private set; }

    public int Heard => Enumerable.Range(0, Nodes).Sum(host => this[host].Heard);

    private ControllerTime Now => new(Loop.Now, new(Start.Seconds + (Loop.Now.Nanoseconds / 1_000_000_000)));

    public RoutedHost this[int host] => (RoutedHost)Loop.Host(host)!;

    public static NodeId IdOf(int host) => new((ushort)(host + 1));

    public bool IsConnected(int host) => _pipes[host] is { IsOver: false, Node.IsWelcome: true };

    public void RunFor(double seconds) => Loop.RunFor(Duration.FromSeconds(seconds));

    /// <summary>The node's session breaks. It makes a new one soon, unless it is cut off.</summary>
    public void Cut(int host, bool forGood = false)
    {
        _isCutOff[host] = forGood;
        if (_pipes[host] is { } pipe)
            Core?.CloseSession(pipe.Controller);
        _pipes[host] = null;
        this[host].Session = null;
    }

    public void Join(int host) => _isCutOff[host] = false;

    public void StopController(double seconds)
    {
        for (var host = 0; host < Nodes; host++)
            Cut(host, _isCutOff[host]);
        Core = null;
        _backAt = Loop.Now + Duration.FromSeconds(seconds);
    }

    public void Drain(int host, bool isOn)
    {
        _isDraining[host] = isOn;
        _pipes[host]?.Node.SetDraining(isOn);
    }

    /// <summary>Each node says something to each other one.</summary>
    public void SayAll()
    {
        for (var host = 0; host < Nodes; host++)
        {
            Loop.Call<RoutedHost>(host, (routed, now) =>
            {
                for (var other = 0; other < Nodes; other++)
                    Said += other != (int)(routed.Node.Options.Id.Value - 1) && routed.Say(now, IdOf(other)) ? 1 : 0;
            });
        }
    }

    public void Dispose()
    {
        Loop.Dispose();
        foreach (var key in _keys)
            key.Dispose();
    }

    private void Turn()
    {
        Loop.At(Loop.Now + Tick, Turn);
        if (Core is null && Loop.Now >= _backAt)
            Core = NewCore();
        if (Core is null)
            return;
        Core.HandleTimeout(Now);
        for (var host = 0; host < Nodes; host++)
        {
            if (_pipes[host] is { IsOver: true })
                Cut(host, _isCutOff[host]);
            if (_pipes[host] is null && !_isCutOff[host] && _random.Next(10) == 0)
                Connect(host);
            _pipes[host]?.MoveUp(Core, Now, _random);
        }

        if (Core.TakeTransaction() is { } transaction)
            _store.Commit(transaction);
        if (Core.TakeRouteWork(Now) is { } work)
            Core.FinishRoutes(Now, work.Run());
        for (var host = 0; host < Nodes; host++)
        {
            if (_pipes[host] is { } pipe)
                Loop.Call<RoutedHost>(host, (routed, local) => Down(routed, pipe, local));
        }
    }

    private void Down(RoutedHost routed, ControlPipe pipe, MonoTime local)
    {
        pipe.MoveDown(Core!, Now, local, _random);
        while (pipe.Node.TryTakeMessage(out _))
        {
        }

        routed.Follow(local);
        pipe.Node.Stored(routed.Members.Version);
        if (pipe.Node.End is { IsOurs: true, Reason: GoodbyeReason.Malformed })
            throw new InvalidOperationException($"{routed.Node.Options.Id} did not understand the controller at {Loop.Position}.");
    }

    private void Connect(int host) => Loop.Call<RoutedHost>(host, (routed, local) =>
    {
        var options = new Contracts.Control.Sessions.NodeSessionOptions { Role = NodeRole.Relay, Epoch = new(1), IsDraining = _isDraining[host] };
        routed.Session = new(options, routed.Members, local, routed.Routes);
        _pipes[host] = new(routed.Session, Core!.OpenSession(Now, IdOf(host), TlsKey(host)));
    });

    private ControllerCore NewCore()
    {
        var office = new CertificateOffice(_ => default, _ => true, _ => []);
        return new(new(), office, _store.Load());
    }

    private void Enrol()
    {
        var core = Core ?? throw new InvalidOperationException("A controller runs.");
        core.CreateToken(Now, new() { Role = NodeRole.Relay, Uses = Nodes }, 1, ControlHash.Of("secret"u8));
        for (var host = 0; host < Nodes; host++)
        {
            var order = new EnrolOrder { Token = 1, SecretHash = ControlHash.Of("secret"u8), TlsKey = TlsKey(host), OverlayKey = KeyOf(host), Role = NodeRole.Relay };
            if (core.Enrol(Now, order).Member?.Number != IdOf(host))
                throw new InvalidOperationException($"{IdOf(host)} was not let in.");
        }

        _store.Commit(core.TakeTransaction()!);
    }

    private OverlayKey KeyOf(int host) =>
        OverlayKey.TryRead(_keys[host].PublicKey.ToArray(), out var key) ? key : throw new InvalidOperationException("A key is a key.");

    private static ControlHash TlsKey(int host)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, host);
        return ControlHash.Of(number);
    }

    private RoutedHost StartNode(SimHostContext context)
    {
        var node = new Node(new() { Id = IdOf(context.Host), Epoch = context.Epoch, Key = _keys[context.Host] }, DeterministicRandom.FromNumber(context.Seed));
        for (var other = 0; other < Nodes; other++)
        {
            var address = context.Host < other ? Loop.Network.Scenario.Hosts[other].Address(Port) : NetAddress.None;
            if (other != context.Host && !node.TryAddPeer(context.Now, IdOf(other), _keys[other].PublicKey, address))
                throw new InvalidOperationException($"{IdOf(context.Host)} refuses {IdOf(other)}.");
        }

        return new(node, Network, Start, context.Now);
    }
}
