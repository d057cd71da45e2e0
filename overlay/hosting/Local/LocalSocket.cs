using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Local;

/// <summary>
/// The file of a Unix socket: made for its owner, or the owner's group, from the first moment on, and taken over from a daemon that
/// was killed, but only where nobody answers on it any more and it is a socket at all.
/// </summary>
public static class LocalSocket
{
    private const UnixFileMode OfOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfGroup = OfOwner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>A bound socket; listening is its taker's to begin.</summary>
    /// <exception cref="DaemonException">Nobody can listen there; the message says what to do.</exception>
    public static Socket Bind(string path, bool isForGroup)
    {
        RequirePlace(path);
        var mode = isForGroup ? OfGroup : OfOwner;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // The file takes the mode that the socket has when it is bound: there is no moment in which others may open it.
            if (OperatingSystem.IsLinux())
            {
                using var handle = new SafeFileHandle(socket.Handle, ownsHandle: false);
                File.SetUnixFileMode(handle, mode);
            }

            socket.Bind(new UnixDomainSocketEndPoint(path));

            // The process' mask may have taken from it what the group is to have.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, mode);
            return socket;
        }
        catch (Exception failure) when (failure is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw failure is SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException
                ? new DaemonException($"{Environment.UserName} may not make the socket {path}: grant the right to write in its folder, or name another socket.", ExitCodes.NoPermission, failure)
                : new DaemonException($"The socket {path} cannot be made: {failure.Message}", ExitCodes.Io, failure);
        }
    }

    /// <summary>Whether anybody listens at a path.</summary>
    public static bool IsAnswered(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException failure)
        {
            return !IsNobody(failure);
        }
    }

    /// <summary>Whether a failed call says that nobody is there, rather than that one may not ask.</summary>
    public static bool IsNobody(SocketException failure) => failure.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable;

    private static void RequirePlace(string path)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > HostingLimits.SocketPathBytes)
            throw new DaemonException($"The path {path} is too long for a socket, which has at most {HostingLimits.SocketPathBytes} bytes: name a shorter one.", ExitCodes.Config);
        var folder = Path.GetDirectoryName(path);
        if (!Directory.Exists(folder))
            throw new DaemonException($"There is no folder {folder} for the socket {Path.GetFileName(path)}: make it, or name another socket.", ExitCodes.Io);
        if (!File.Exists(path))
            return;
        if (IsPlainFile(path))
            throw new DaemonException($"{path} is a file and no socket: take it away, or name another socket.", ExitCodes.Unavailable);
        if (IsAnswered(path))
            throw new DaemonException($"{path} is in use by another process: stop that one (`ss -lxp` shows it), or name another socket.", ExitCodes.Unavailable);
        File.Delete(path);
    }

    /// <summary>The system opens a file, and no socket.</summary>
    private static bool IsPlainFile(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
