using System.Threading.Channels;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Runtime;

/// <summary>What other threads want of the loop, bounded: the only door to a node from outside its loop.</summary>
internal sealed class CommandQueue(int capacity, WakeSocket wake, DriverStatistics statistics)
{
    private readonly Channel<Action<Node, MonoTime>> _commands = Channel.CreateBounded<Action<Node, MonoTime>>(
        new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private volatile bool _closed;

    /// <summary>Any thread.</summary>
    public PostResult Post(Action<Node, MonoTime> command)
    {
        if (_commands.Writer.TryWrite(command))
        {
            wake.Signal();
            return PostResult.Accepted;
        }

        if (_closed)
            return PostResult.Stopped;
        statistics.AddRefusedCommand();
        return PostResult.QueueFull;
    }

    /// <summary>Any thread but the loop's: waits for room.</summary>
    public async ValueTask<PostResult> PostAsync(Action<Node, MonoTime> command)
    {
        try
        {
            await _commands.Writer.WriteAsync(command);
            wake.Signal();
            return PostResult.Accepted;
        }
        catch (ChannelClosedException)
        {
            return PostResult.Stopped;
        }
    }

    /// <summary>By the loop.</summary>
    public bool TryTake(out Action<Node, MonoTime>? command) => _commands.Reader.TryRead(out command);

    /// <summary>No command is taken from now on.</summary>
    public void Close()
    {
        _closed = true;
        _commands.Writer.TryComplete();
    }
}
