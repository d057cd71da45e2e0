using System.Net.Sockets;
using System.Security.Cryptography;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Impairment;
using WeCan.Runtime.Sockets;
using WeCan.Sockets.Linux;

namespace WeCan.Runtime;

/// <summary>
/// Runs one node of the overlay on this machine: one UDP socket and one thread, which is the only one ever to touch the node. What
/// the node delivers reaches the <see cref="IOverlayHost"/> on that thread; what other threads want of the node they
/// <see cref="Post"/>. Whoever starts a driver stops it, and watches <see cref="Completion"/>: a fault in the node or the host ends
/// the loop rather than to go on with a state that nobody vouches for.
/// </summary>
public sealed class OverlayDriver : IDisposable
{
    private readonly Socket _socket;
    private readonly WakeSocket _wake;
    private readonly CommandQueue _commands;
    private readonly Node _node;
    private readonly OverlayLoop _loop;
    private readonly Thread _thread;
    private readonly ImpairmentStage? _impairment;
    private readonly SocketSet? _sockets;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;

    private OverlayDriver(OverlayDriverOptions options, IOverlayHost host, Socket socket, WakeSocket wake)
    {
        _socket = socket;
        _wake = wake;
        _sockets = options.Sockets;
        Clock = new MonotonicClock();
        LocalAddress = OverlaySocket.LocalAddress(socket);
        _commands = new CommandQueue(options.CommandQueueLength, wake, Statistics);
        var (ingress, egress) = OverlaySocket.MakeEnds(socket, options.Bind, Statistics);
        if (options.Impairment is { } impairment)
            egress = _impairment = new ImpairmentStage(egress, impairment, Statistics.Impaired);
        if (options.WrapEgress is { } wrap)
            egress = wrap(egress);
        Span<byte> seed = stackalloc byte[DeterministicRandom.SeedBytes];
        RandomNumberGenerator.Fill(seed);
        _node = new Node(options.Node, new DeterministicRandom(seed));
        CryptographicOperations.ZeroMemory(seed);
        _loop = new OverlayLoop(
            _node, host, Clock, _commands, wake, new SocketWaiter(socket, wake.Socket, options.Sockets?.Watch), ingress, egress, Statistics, options.Sockets, options.Pulse);
        _thread = new Thread(Run) { Name = $"overlay {options.Node.Id}", IsBackground = true };
        GiveNotice(host, egress);
    }

    /// <summary>Where the socket is bound: its port is the one that others reach this node at.</summary>
    public NetAddress LocalAddress { get; }

    /// <summary>The clock whose times the node and the host are given.</summary>
    public MonotonicClock Clock { get; }

    public DriverStatistics Statistics { get; } = new();

    /// <summary>Ends when the loop has: without fault after <see cref="Stop"/>, else with the exception that ended it.</summary>
    public Task Completion => _completion.Task;

    /// <exception cref="RuntimeStartException">The socket cannot be opened; the message is for an operator.</exception>
    public static OverlayDriver Start(OverlayDriverOptions options, IOverlayHost host)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(host);
        options.Validate();
        var socket = OverlaySocket.Open(options.Bind);
        WakeSocket? wake = null;
        try
        {
            wake = new WakeSocket();
            var driver = new OverlayDriver(options, host, socket, wake);
            driver._thread.Start();
            return driver;
        }
        catch
        {
            wake?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Has the loop run a command soon, in the order of posting, on its thread. Any thread may post; nobody waits.</summary>
    public PostResult Post(Action<Node, MonoTime> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _stopping ? PostResult.Stopped : _commands.Post(command);
    }

    /// <summary>The same for who can wait until there is room, which is never the loop itself.</summary>
    public ValueTask<PostResult> PostAsync(Action<Node, MonoTime> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _stopping ? new(PostResult.Stopped) : _commands.PostAsync(command);
    }

    /// <summary>For labs: changes what is done to datagrams. False where the driver was started without an impairment, and stays so.</summary>
    public bool SetImpairment(ImpairmentPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Validate();
        return _impairment is { } stage && Post((_, _) => stage.Set(plan)) == PostResult.Accepted;
    }

    /// <summary>
    /// Ends the loop: the node says goodbye on its links, the socket closes. True when the thread has ended within the bound. On the
    /// loop's own thread it only asks for the end, and answers false. A second call waits for the same end.
    /// </summary>
    public bool Stop(TimeSpan bound)
    {
        _stopping = true;
        _commands.Close();
        _wake.Signal();
        return Thread.CurrentThread != _thread && _thread.Join(bound);
    }

    public void Dispose() => Stop(RuntimeLimits.StopBound);

    private void Run()
    {
        var fault = FaultOf(() =>
        {
            NativeThread.SharpenTimers();
            while (!_stopping)
                _loop.Turn();
            _loop.Finish();
        });
        _stopping = true;
        _commands.Close();
        var ending = FaultOf(_node.Dispose);
        fault ??= ending;
        _sockets?.Dispose();
        _wake.Dispose();
        _socket.Dispose();
        if (fault is null)
            _completion.SetResult();
        else
            _completion.SetException(fault);
    }

    /// <summary>Runs a part of the thread's life. Whatever it throws goes to whoever watches <see cref="Completion"/>.</summary>
    private static Exception? FaultOf(Action part)
    {
        try
        {
            part();
            return null;
        }
#pragma warning disable CA1031 // An exception that left the thread would end the process.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return failure;
        }
    }

    private void GiveNotice(IOverlayHost host, IDatagramEgress egress)
    {
        if (egress.Impairment is { } impairment)
        {
            Statistics.IsImpaired = true;
            host.OnNotice($"IMPAIRED ON PURPOSE, never use this outside a lab: {impairment}");
        }

        var (receives, sends) = (_socket.ReceiveBufferSize, _socket.SendBufferSize);
        if (Math.Min(receives, sends) < RuntimeLimits.SmallSocketBuffer)
        {
            host.OnNotice(
                $"The socket's buffers are {receives / 1024} KiB to receive and {sends / 1024} KiB to send, so bursts will be lost: "
                + $"set net.core.rmem_max and net.core.wmem_max to {SocketLimits.SocketBufferBytes} (sysctl -w).");
        }
    }
}
