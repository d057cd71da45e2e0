using System.Buffers.Binary;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Inspection;

/// <summary>Who asks: a token over the network, or a user of this machine on the socket, who may all that the controller's own user may.</summary>
internal sealed record Caller(string Who, ApiRole Role, bool IsLocal)
{
    private const int SolSocket = 1;
    private const int SoPeerCredentials = 17;

    /// <summary>Whom the gate let in; who did not come through it is on this machine.</summary>
    public static Caller Of(HttpContext context) => context.Items[typeof(Caller)] as Caller ?? new(LocalUser(context), ApiRole.Admin, IsLocal: true);

    public void StandFor(HttpContext context) => context.Items[typeof(Caller)] = this;

    /// <summary>The kernel knows who opened the other end of a Unix socket: a process, its user and its group.</summary>
    private static string LocalUser(HttpContext context)
    {
        var socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is null || !OperatingSystem.IsLinux())
            return "a user of this machine";
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, SoPeerCredentials, credentials);
        return $"user {BinaryPrimitives.ReadInt32LittleEndian(credentials[4..])} of this machine";
    }
}
