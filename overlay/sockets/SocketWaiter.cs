using System.Net.Sockets;
using System.Runtime.InteropServices;
using WeCan.Contracts;

namespace WeCan.Sockets;

/// <summary>
/// Where a loop sleeps: until its socket is readable (or writable, if it asks), one of its host's has news, it is woken, or its time has come. On Linux by
/// ppoll, exact to the microsecond: .NET's own Poll and Select cut the time to whole milliseconds, so that waiting half
/// of one would spin. Elsewhere by Select, with the time rounded up.
/// </summary>
internal sealed partial class SocketWaiter(Socket socket, Socket wake, ISleepers? beside = null)
{
    private const short PollIn = 0x1;
    private const short PollOut = 0x4;
    private const int Interrupted = 4;

    private readonly PollEntry[] _entries =
    [
        new() { Descriptor = (int)socket.Handle, Events = PollIn },
        new() { Descriptor = (int)wake.Handle, Events = PollIn },

        // The system looks past an entry whose descriptor is below zero.
        new() { Descriptor = beside?.Descriptor ?? -1, Events = PollIn },
    ];

    private readonly List<Socket> _reads = new(2);
    private readonly List<Socket> _writes = new(1);
    private readonly List<Socket> _errors = [];

    public Readiness Wait(Duration atMost, bool forWriting) =>
        OperatingSystem.IsLinux() ? WaitByPoll(atMost, forWriting) : WaitBySelect(atMost, forWriting);

    private Readiness WaitByPoll(Duration atMost, bool forWriting)
    {
        _entries[0].Events = forWriting ? (short)(PollIn | PollOut) : PollIn;
        var time = new TimeSpec { Seconds = (nint)(atMost.Nanoseconds / 1_000_000_000), Nanoseconds = (nint)(atMost.Nanoseconds % 1_000_000_000) };
        var count = PPoll(ref _entries[0], (nuint)_entries.Length, in time, 0);
        if (count <= 0)
        {
            return count == 0 || Marshal.GetLastPInvokeError() == Interrupted
                ? Readiness.None
                : throw new InvalidOperationException($"ppoll failed with error {Marshal.GetLastPInvokeError()}.");
        }

        // Errors and hang-ups show as neither in nor out: reading takes them off the socket.
        var first = _entries[0].Returned;
        return ((first & ~PollOut) != 0 ? Readiness.Readable : Readiness.None)
            | ((first & PollOut) != 0 ? Readiness.Writable : Readiness.None)
            | (_entries[1].Returned != 0 ? Readiness.Woken : Readiness.None)
            | (_entries[2].Returned != 0 ? Readiness.Beside : Readiness.None);
    }

    private Readiness WaitBySelect(Duration atMost, bool forWriting)
    {
        _reads.Clear();
        _reads.Add(socket);
        _reads.Add(wake);
        _writes.Clear();
        if (forWriting)
            _writes.Add(socket);
        _errors.Clear();
        beside?.Fill(_reads, _writes, _errors);
        var milliseconds = (atMost.Nanoseconds + 999_999) / 1_000_000;
        Socket.Select(_reads, _writes.Count > 0 ? _writes : null, _errors.Count > 0 ? _errors : null, (int)(milliseconds * 1_000));
        var isBeside = beside is not null && beside.Found(_reads, _writes, _errors);
        return (_reads.Contains(socket) ? Readiness.Readable : Readiness.None)
            | (_writes.Contains(socket) ? Readiness.Writable : Readiness.None)
            | (_reads.Contains(wake) ? Readiness.Woken : Readiness.None)
            | (isBeside ? Readiness.Beside : Readiness.None);
    }

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int PPoll(ref PollEntry entries, nuint count, in TimeSpec time, nint signalMask);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
