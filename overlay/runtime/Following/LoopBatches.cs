using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Control;

namespace WeCan.Runtime.Following;

/// <summary>
/// Brings a replica's changes to the loop in batches, one at a time, so that thousands of them hold no packet up for long; what changes
/// twice meanwhile is told once. Under the client's lock, but for <paramref name="apply"/>.
/// </summary>
/// <param name="take">Takes the next batch from the replica; empty where nothing has changed.</param>
/// <param name="apply">Tells the node of a batch, on the loop.</param>
internal sealed class LoopBatches<T>(Func<T[]> take, Action<Node, MonoTime, T[]> apply)
{
    private ControlClient? _client;
    private OverlayDriver? _driver;
    private T[] _batch = [];
    private bool _isOnItsWay;

    public void Start(OverlayDriver driver, ControlClient client)
    {
        (_driver, _client) = (driver, client);
        client.Say(_ => Pump());
    }

    /// <summary>Hands the next batch to the loop, if none is on its way. A loop that takes none now is asked again with the next call.</summary>
    public void Pump()
    {
        if (_isOnItsWay)
            return;
        if (_batch.Length == 0)
            _batch = take();
        if (_batch.Length > 0)
            _isOnItsWay = _driver!.Post(Apply) == PostResult.Accepted;
    }

    private void Apply(Node node, MonoTime now)
    {
        apply(node, now, _batch);
        _client!.SayLater(_ =>
        {
            (_isOnItsWay, _batch) = (false, []);
            Pump();
        });
    }
}
