using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Controller.Core;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Simulation;

/// <summary>
/// A controller with its disk, its operator and some nodes, in virtual time and with every misfortune that one seed brings:
/// connections cut at any byte, either side restarted, steps lost before they were committed, answers lost, and the store put
/// back to an older backup.
/// </summary>
internal sealed class ControlWorld
{
    private readonly Random _random;
    private readonly ControllerOptions _options;
    private readonly List<SimNode> _nodes = [];
    private readonly List<SimConnection> _forgotten = [];
    private readonly MembershipLedger _ledger = new();
    private readonly Dictionary<NodeId, UnixTime> _ended = [];
    private MemoryStore _store = new();
    private MemoryStore _backup;
    private ControllerCore _core;
    private double _seconds;
    private ulong _next = 1;

    public ControlWorld(int seed)
    {
        _random = new(seed);
        _options = new() { KeptChanges = _random.Next(2) == 0 ? 1 : _random.Next(2, 30), Rest = Duration.FromSeconds(_random.Next(1, 60)) };
        _store.Commit(new() { Network = Samples.Network });
        _backup = _store.Copy();
        _core = new(_options, Samples.Office, _store.Load());
    }

    public int Resyncs { get; private set; }

    public int Restores { get; private set; }

    private ControllerTime Now => Samples.At(_seconds);

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            _seconds += _random.Next(20) == 0 ? _random.NextDouble() * 20 : _random.NextDouble() * 0.1;
            Misfortune();
            Command();
            Finish(mayLose: true);
            Move(() => _random.Next(1, 300));
        }

        Heal();
    }

    private void Misfortune()
    {
        var node = _nodes.Count == 0 ? null : _nodes[_random.Next(_nodes.Count)];
        switch (_random.Next(60))
        {
            case 0 or 1 or 2 when node?.Connection is not null:
                Cut(node);
                break;
            case 3 or 4 when node is not null:
                Cut(node);
                node.Restart(Now.Wall);
                break;
            case 5:
                RestartController();
                break;
            case 6 when _random.Next(3) == 0:
                _store = _backup.Copy();
                _ledger.GoBack(_store.Load());
                _ended.Clear();
                RestartController();
                Restores++;
                break;
            case 7 or 8:
                _backup = _store.Copy();
                break;
        }
    }

    private void Command()
    {
        var node = _nodes.Count == 0 ? null : _nodes[_random.Next(_nodes.Count)];
        switch (_random.Next(24))
        {
            case 0 or 1 when _nodes.Count < 7:
                Add();
                break;
            case 2 when node is not null && _random.Next(3) == 0:
                _core.Revoke(Now, node.Number);
                break;
            case 3 or 4 when node is not null:
                node.Renew(_random.Next(2) == 0 ? _next++ : node.TlsKey);
                break;
            case 5 when node is not null:
                node.Move(NetAddress.FromIPv4((uint)_random.Next(), 4600));
                break;
            case 6 when node is not null:
                node.Drain(_random.Next(2) == 0);
                break;
            case < 11 when node is not null:
                node.Store();
                break;
        }

        foreach (var absent in _nodes.Where(absent => absent.Connection is null && _random.Next(4) == 0))
            absent.Connect(_core, Now);
    }

    /// <summary>A node enrols, and asks again and again until an answer is not lost.</summary>
    private void Add()
    {
        var node = new SimNode(_next++, _next++, _random.Next(2) == 0 ? NodeRole.Relay : NodeRole.Edge);
        Assert.Null(_core.CreateToken(Now, new() { Role = node.Role }, node.Token, Samples.SecretHash(node.Token)));
        Finish(mayLose: false);
        do
        {
            var outcome = _core.Enrol(Now, Samples.Order(node.Token, node.Keys, node.Role));
            Assert.True(outcome.Member is not null, outcome.Problem);
            if (Finish(mayLose: true))
                node.Number = outcome.Member.Number;
        }
        while (node.Number.IsNone || _random.Next(4) == 0);

        Assert.Equal(1, _core.Members.Count(row => row.Token == node.Token));
        _nodes.Add(node);
    }

    /// <summary>Ends a step: what it changed is committed, or the controller dies before that and nobody has heard of it.</summary>
    private bool Finish(bool mayLose)
    {
        if (mayLose && _random.Next(100) == 0)
        {
            _ = _core.TakeTransaction();
            RestartController();
            return false;
        }

        if (_core.TakeTransaction() is { } transaction)
        {
            _store.Commit(transaction);
            _ledger.Commit(transaction.Changes);
            foreach (var row in transaction.Changes)
                CheckNumber(row);
        }

        Assert.Equal(_ledger.Version, _core.History.Version);
        return true;
    }

    private void CheckNumber(ChangeRow row)
    {
        if (row.Change.Kind == MemberChangeKind.Joined)
            Assert.True(!_ended.TryGetValue(row.Change.Number, out var end) || end + _options.Rest <= row.At, $"{row.Change.Number} did not rest.");
        if (MemberChange.IsEnd(row.Change.Kind))
            _ended[row.Change.Number] = row.At;
    }

    private void Move(Func<int> bytes)
    {
        _core.HandleTimeout(Now);
        Finish(mayLose: false);
        foreach (var connection in _nodes.Select(node => node.Connection).OfType<SimConnection>().Concat(_forgotten).ToList())
        {
            connection.Node.HandleTimeout(Now.Mono);
            connection.Send(_core, Now);
            connection.DeliverToNode(Now, bytes());
            connection.DeliverToController(_core, Now, bytes());
            Finish(mayLose: false);
            if (!connection.IsCut && !connection.IsOver)
                continue;
            if (connection.IsCut && connection.Controller.End is null && _random.Next(10) != 0)
                continue;
            _core.CloseSession(connection.Controller);
            _forgotten.Remove(connection);
        }

        foreach (var node in _nodes)
        {
            node.Replica.Refresh(Now.Wall);
            node.Look(_ledger);
            if (node.Connection is not { IsOver: true } over)
                continue;
            Resyncs += (int)over.Node.Counters.Resyncs;
            _core.CloseSession(over.Controller);
            node.Connection = null;
        }
    }

    /// <summary>The node's end is gone at once; the controller's may learn of it much later.</summary>
    private void Cut(SimNode node)
    {
        if (node.Connection is not { } connection)
            return;
        Resyncs += (int)connection.Node.Counters.Resyncs;
        connection.IsCut = true;
        _forgotten.Add(connection);
        node.Connection = null;
    }

    private void RestartController()
    {
        foreach (var node in _nodes)
            Cut(node);
        _forgotten.Clear();
        var before = _store.Load();
        _core = new(_options, Samples.Office, before);
        Assert.Equal(_ledger.Version, _core.History.Version);
        Assert.Equal(_ledger.Now.Values.OrderBy(member => member.Number), _core.Members.Select(row => row.Member));
    }

    /// <summary>From now on nothing goes wrong: within half a minute everybody who is a member holds the newest membership, and nobody else is served.</summary>
    private void Heal()
    {
        for (var until = _seconds + 30; _seconds < until; _seconds += 0.25)
        {
            foreach (var node in _nodes)
            {
                if (node.Connection is null)
                    node.Connect(_core, Now);
                node.Store();
            }

            Move(() => 100_000);
        }

        foreach (var node in _nodes)
        {
            var row = _core.Members.FirstOrDefault(row => row.Member.Number == node.Number);
            var isMember = row is not null && row.Member.Key == Samples.OverlayKey(node.Keys)
                && (row.TlsKey == Samples.TlsKey(node.TlsKey) || row.OlderTlsKey == Samples.TlsKey(node.TlsKey));
            if (!isMember)
            {
                // Only a revocation, or a backup that knew nothing of the node or of its newer key, locks a node out.
                Assert.True(Restores > 0 || row is null || row.Member.Key != Samples.OverlayKey(node.Keys), $"n{node.Number.Value} is a member with a key that it has not.");
                Assert.Equal(GoodbyeReason.NotAMember, node.Refused);
                continue;
            }

            Assert.Equal(_core.History.Version, node.Replica.Version);
            Assert.Equal(_core.History.Version, node.Connection!.Controller.Acknowledged);
            Assert.Equal((node.Address, node.IsDraining), (row!.Member.Addresses[0], row.Member.State == MemberState.Draining));
            Assert.Equal(_core.Members.Count, node.Replica.Members.Count(member => node.Replica.Find(member.Number) is not null));
        }

        var edges = _core.Members.Select(row => row.Member.Edge).OfType<EdgeIndex>().ToList();
        Assert.Equal(edges.Count, edges.Distinct().Count());
    }
}
