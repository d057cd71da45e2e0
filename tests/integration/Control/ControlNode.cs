using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Sessions;
using WeCan.Runtime.Control;

namespace WeCan.Integration.Tests.Control;

/// <summary>A node's life with controllers and nothing else of it: its folder, its enrolment, its client and its replica.</summary>
internal sealed class ControlNode(string path, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly NodeFolder _folder = NodeFolder.Open(path);
    private readonly List<(Func<ControlNode, bool> Holds, TaskCompletionSource Reached)> _awaited = [];
    private uint _life;

    public LineLogger Log { get; } = new();

    public NodeRecord? Record { get; private set; }

    public MembershipReplica? Replica { get; private set; }

    public ControlClient? Client { get; private set; }

    public NodeClock? Clock { get; private set; }

    public async Task EnrolAsync(string token, params string[] controllers) =>
        Record = await new EnrolmentClient(_folder, new() { Token = token, Role = NodeRole.Relay, Controllers = controllers, Patience = Bound }, time, Log).RunAsync(CancellationToken.None);

    /// <summary>Connects, as a daemon that starts with what its disk has.</summary>
    public void Start(params string[] controllers)
    {
        Record = _folder.LoadRecord();
        Clock = new(time, Record.ClockDifference);
        Replica ??= new(Record.Network, Clock.UnixNow);
        using var key = _folder.OverlayKey();
        Assert.True(OverlayKey.TryRead(key.PublicKey.ToArray(), out var overlayKey));
        Client = new(_folder, Record, new() { Epoch = new(++_life), Controllers = controllers }, Replica, new(), Clock, overlayKey, time, Log)
        {
            Received = _ => Look(),
            Ticked = _ =>
            {
                Replica.Refresh(Clock.UnixNow);
                Look();
            },
        };
        Client.Start();
    }

    /// <summary>Ends this life's client; the folder stays.</summary>
    public async Task StopAsync()
    {
        await Client!.StopAsync("the node stops", CancellationToken.None).WaitAsync(Bound);
        await Client.DisposeAsync().AsTask().WaitAsync(Bound);
        Client = null;
    }

    /// <summary>Waits until something holds of this node: looked at when anything came, and each second.</summary>
    public async Task Until(Func<ControlNode, bool> holds)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Client!.Say(_ =>
        {
            _awaited.Add((holds, reached));
            Look();
        });
        try
        {
            await reached.Task.WaitAsync(Bound);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"It did not come about within {Bound.TotalSeconds:0} s. Status: {Client.Status}. Log:\n{Log.Text}", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is not null)
            await Client.DisposeAsync().AsTask().WaitAsync(Bound);
        _folder.Dispose();
    }

    private void Look()
    {
        foreach (var awaited in _awaited.Where(awaited => awaited.Holds(this)).ToList())
        {
            _awaited.Remove(awaited);
            awaited.Reached.TrySetResult();
        }
    }
}
