using System.Net.Sockets;
using System.Runtime.InteropServices;
using WeCan.Sockets.Linux;

namespace WeCan.Runtime.Sockets;

/// <summary>
/// Linux: epoll, edge-triggered. However many sockets there are, only those with news cost anything, and none is ever registered anew.
/// <code>
/// struct epoll_event: events (4), then data (8); packed on x86-64, else data at 8
/// </code>
/// </summary>
internal sealed partial class EpollWatch : ISocketWatch
{
    private const int CloseOnExec = 0x80000;
    private const int ControlAdd = 1;
    private const int ControlDelete = 2;
    private const uint In = 0x1;
    private const uint Out = 0x4;
    private const uint Error = 0x8;
    private const uint HangUp = 0x10;
    private const uint ReadHangUp = 0x2000;
    private const uint EdgeTriggered = 0x8000_0000;
    private const int Batch = 64;

    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture is Architecture.X64;
    private static readonly int Stride = IsPacked ? 12 : 16;
    private static readonly int DataAt = IsPacked ? 4 : 8;

    private readonly int _descriptor = Create();
    private readonly byte[] _events = new byte[Batch * Stride];
    private int _next;
    private int _count;
    private bool _isDisposed;

    public int? Descriptor => _descriptor;

    public void Add(LoopSocket socket)
    {
        Span<byte> wanted = stackalloc byte[Stride];
        wanted.Clear();
        const uint All = In | Out | ReadHangUp | EdgeTriggered;
        MemoryMarshal.Write(wanted, All);
        MemoryMarshal.Write(wanted[DataAt..], (ulong)socket.Place);
        if (Control(_descriptor, ControlAdd, (int)socket.Socket.Handle, ref MemoryMarshal.GetReference(wanted)) != 0)
            throw new InvalidOperationException($"epoll_ctl failed with error {Marshal.GetLastPInvokeError()}.");
    }

    public void Remove(LoopSocket socket)
    {
        Span<byte> ignored = stackalloc byte[Stride];
        _ = Control(_descriptor, ControlDelete, (int)socket.Socket.Handle, ref MemoryMarshal.GetReference(ignored));
    }

    public void Fill(List<Socket> reads, List<Socket> writes, List<Socket> errors)
    {
    }

    public bool Found(List<Socket> reads, List<Socket> writes, List<Socket> errors) => false;

    public bool TryTake(out int place, out bool mayRead, out bool mayWrite)
    {
        (place, mayRead, mayWrite) = (0, false, false);
        if (_next >= _count)
        {
            // A batch that was not full has emptied the list; what came since shows in the next sleep.
            var mayHaveMore = _count is 0 or Batch;
            (_next, _count) = (0, 0);
            if (!mayHaveMore)
                return false;
            _count = Math.Max(0, Wait(_descriptor, ref MemoryMarshal.GetArrayDataReference(_events), Batch, 0));
            if (_count == 0)
                return false;
        }

        var entry = _events.AsSpan(_next++ * Stride, Stride);
        var events = MemoryMarshal.Read<uint>(entry);
        place = (int)MemoryMarshal.Read<ulong>(entry[DataAt..]);
        mayRead = (events & (In | ReadHangUp | HangUp | Error)) != 0;
        mayWrite = (events & (Out | HangUp | Error)) != 0;
        return true;
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _ = Close(_descriptor);
    }

    private static int Create()
    {
        var descriptor = Create(CloseOnExec);
        return descriptor >= 0
            ? descriptor
            : throw new RuntimeStartException($"The system gives no epoll (error {Marshal.GetLastPInvokeError()}): raise the limit of open files (ulimit -n).");
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, ref byte entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, ref byte entries, int count, int timeout);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
