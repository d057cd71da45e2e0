using System.Net;
using System.Net.Sockets;
using WeCan.Hosting.Files;

namespace WeCan.Hosting.Daemon;

/// <summary>Puts failures that a person can remove into one sentence each.</summary>
public static class DaemonFailure
{
    /// <summary>Why one cannot listen at an address that a key of the configuration gives.</summary>
    public static DaemonException Listening(string key, EndPoint at, Exception failure) => (failure as SocketException ?? failure.GetBaseException()) switch
    {
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            new($"{at} is in use by another process: stop that one (`ss -lpn` shows it), or write another address at \"{key}\".", ExitCodes.Unavailable, failure),
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            new($"{Environment.UserName} may not listen at {at}: write a port above 1023 at \"{key}\", or grant CAP_NET_BIND_SERVICE.", ExitCodes.NoPermission, failure),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            new($"{at} is no address of this machine: write one that `ip address` shows at \"{key}\", or [::] for all.", ExitCodes.Unavailable, failure),
        SocketException { SocketErrorCode: SocketError.AddressFamilyNotSupported } =>
            new($"this machine has no {(at is IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } ? "IPv6" : "IPv4")}, which {at} needs: write another address at \"{key}\".", ExitCodes.Unavailable, failure),
        var other => new($"Listening at {at} (\"{key}\") failed: {other.Message}", ExitCodes.Unavailable, failure),
    };

    /// <summary>The sentence and the exit code for whatever ended a start.</summary>
    internal static (string Sentence, int ExitCode) Describe(Exception failure) => failure switch
    {
        DaemonException known => (known.Message, known.ExitCode),
        AggregateException { InnerExceptions: [var only] } => Describe(only),
        UnauthorizedAccessException => (failure.Message, ExitCodes.NoPermission),
        IOException { HResult: FileFailure.NoSpace or FileFailure.QuotaExceeded } => ($"A disk is full: {failure.Message}. Make room on it, and start again.", ExitCodes.Io),
        IOException => (failure.Message, ExitCodes.Io),
        _ => ($"{failure.GetType().Name}: {failure.Message} (--debug shows where.)", ExitCodes.Fault),
    };
}
