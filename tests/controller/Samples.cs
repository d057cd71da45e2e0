using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Core;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests;

/// <summary>Values that differ where their numbers do.</summary>
internal static class Samples
{
    public static readonly UnixTime Start = new(1_800_000_000);

    public static readonly NetworkRow Network = new(new(new(7, 7)), "test", Start);

    /// <summary>Requests are eight bytes of a number, which is their TLS key; a certificate is the number and its end.</summary>
    public static readonly CertificateOffice Office = new(
        request => request.Length == 8 ? TlsKey(BinaryPrimitives.ReadUInt64BigEndian(request)) : default,
        key => !key.IsNone,
        order => [[.. order.Request, (byte)(order.Number.Value >> 8), (byte)order.Number.Value]]);

    public static byte[] Request(ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }

    public static Fingerprint TlsKey(ulong number) => Fingerprint.Of(Request(number));

    public static Fingerprint SecretHash(ulong token) => Fingerprint.Of([.. "secret"u8, .. Request(token)]);

    public static OverlayKey OverlayKey(ulong number)
    {
        var bytes = new byte[Contracts.Control.OverlayKey.Bytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        bytes[^1] = 1;
        return Contracts.Control.OverlayKey.TryRead(bytes, out var key) ? key : throw new InvalidOperationException("64 bytes are a key");
    }

    public static EnrolOrder Order(ulong token, ulong keys, NodeRole role = NodeRole.Relay) => new()
    {
        Token = token,
        SecretHash = SecretHash(token),
        TlsKey = TlsKey(keys),
        OverlayKey = OverlayKey(keys),
        Role = role,
        Addresses = [NetAddress.FromIPv4(0x0A00_0000 + (uint)keys, 4600)],
    };

    public static ControllerTime At(double seconds) => new(MonoTime.FromSeconds(seconds), new(Start.Seconds + (long)seconds));

    public static ControllerCore Core(ControllerOptions? options = null)
    {
        var state = new ControllerState { Network = Network };
        return new(options ?? new(), Office, state);
    }

    public static string Describe(ControllerState state)
    {
        var lines = new List<string> { $"{state.Network} {state.Base}" };
        lines.AddRange(state.Members.Values.Select(row => $"{Convert.ToHexString(MemberChange.Put(MemberChangeKind.Changed, row.Member).ToArray())} {row.TlsKey} {row.OlderTlsKey} {row.Token} {row.Joined}"));
        lines.AddRange(state.Tokens.Values.Select(token => token.ToString()));
        lines.AddRange(state.ApiTokens.Values.Select(token => token.ToString()));
        lines.AddRange(state.Audit.Select(row => row.ToString()));
        lines.AddRange(state.Policies.Select(row => row.ToString()));
        lines.Add($"{state.AccessNumber}");
        lines.AddRange(state.Access.Values.Select(row => $"{row.Record.Kind} {row.Record.Name} {Convert.ToHexString(row.Record.Body)} {row.At} {row.Who}"));
        lines.AddRange(state.Rests.OrderBy(rest => (rest.Key.Kind, rest.Key.Value)).Select(rest => rest.ToString()));
        lines.AddRange(state.Changes.Select(change => $"{change.Version} {change.At} {Convert.ToHexString(change.Change.ToArray())}"));
        return string.Join('\n', lines);
    }
}
