using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WeCan.Sockets.Linux;

/// <summary>The calls of Linux that move many datagrams at a time, which .NET's sockets do not offer; docs/decisions/0020.</summary>
internal static partial class NativeSocket
{
    private const int DontWait = 0x40;

    /// <summary>recvmmsg, as a <see cref="BatchCall"/>.</summary>
    public static int Receive(int descriptor, Span<MessageEntry> messages)
    {
        var count = ReceiveMany(descriptor, ref MemoryMarshal.GetReference(messages), (uint)messages.Length, DontWait, 0);
        return count >= 0 ? count : -Marshal.GetLastPInvokeError();
    }

    /// <summary>sendmmsg, as a <see cref="BatchCall"/>.</summary>
    public static int Send(int descriptor, Span<MessageEntry> messages)
    {
        var count = SendMany(descriptor, ref MemoryMarshal.GetReference(messages), (uint)messages.Length, DontWait);
        return count >= 0 ? count : -Marshal.GetLastPInvokeError();
    }

    /// <summary>
    /// Whether this system lets a program make both calls on a fresh socket. Where the calls are missing or forbidden
    /// (a sandbox answers ENOSYS or EPERM), nothing else can be expected of them either.
    /// </summary>
    public static bool CanBatch(Socket socket, BatchCall receive, BatchCall send)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var descriptor = (int)socket.Handle;
        var nothing = new MessageEntry[1];
        return receive(descriptor, nothing) is -Errno.Again or >= 0 && send(descriptor, nothing.AsSpan(0, 0)) == 0;
    }

    /// <summary>Sets an option whose value is a number. False where the kernel does not know it, or does not allow it.</summary>
    public static bool TrySetOption(Socket socket, int level, int option, int value)
    {
        try
        {
            socket.SetRawSocketOption(level, option, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(int descriptor, ref MessageEntry messages, uint count, int flags, nint timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    private static partial int SendMany(int descriptor, ref MessageEntry messages, uint count, int flags);
}
