namespace WeCan.Sockets.Linux;

/// <summary>Numbers of errors, the same on every machine that .NET runs on under Linux.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int Interrupted = 4;
    public const int Io = 5;
    public const int Again = 11;
    public const int NoMemory = 12;
    public const int Access = 13;
    public const int Invalid = 22;
    public const int NoSystemCall = 38;
    public const int MessageTooLong = 90;
    public const int NoProtocolOption = 92;
    public const int NotSupported = 95;
    public const int FamilyNotSupported = 97;
    public const int AddressNotAvailable = 99;
    public const int NetworkDown = 100;
    public const int NetworkUnreachable = 101;
    public const int NoBuffers = 105;
    public const int HostDown = 112;
    public const int HostUnreachable = 113;

    /// <summary>What a send's error says about the datagram.</summary>
    public static SendFailure ReasonOf(int error) => error switch
    {
        MessageTooLong => SendFailure.TooLong,
        NetworkUnreachable or HostUnreachable or NetworkDown or HostDown => SendFailure.Unreachable,
        NotPermitted or Access => SendFailure.NotPermitted,
        NoBuffers or NoMemory => SendFailure.NoBuffers,
        Invalid or AddressNotAvailable or FamilyNotSupported => SendFailure.BadAddress,
        _ => SendFailure.Other,
    };
}
