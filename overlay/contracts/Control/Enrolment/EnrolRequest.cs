using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Enrolment;

/// <summary>
/// What a node sends to be let in, over TLS to a controller that it knows by its token: the token, a PKCS#10 request in DER
/// that proves its TLS key, its overlay key, and what it says of itself.
/// </summary>
public sealed record EnrolRequest
{
    private const ulong Required = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 4) | (1 << 5);

    public required ulong Token { get; init; }

    public required TokenSecret Secret { get; init; }

    public required byte[] Request { get; init; }

    public required OverlayKey Key { get; init; }

    public required NodeRole Role { get; init; }

    public string Name { get; init; } = "";

    public string Region { get; init; } = "";

    public string Site { get; init; } = "";

    public string Operator { get; init; } = "";

    public IReadOnlyList<NetAddress> Addresses { get; init; } = [];

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out EnrolRequest? request)
    {
        request = null;
        var reader = new MessagePackReader(bytes);
        ulong token = 0;
        TokenSecret secret = default;
        byte[] csr = [];
        OverlayKey key = default;
        NodeRole role = default;
        string name = "", region = "", site = "", operatorName = "";
        IReadOnlyList<NetAddress> addresses = [];
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => reader.TryReadUInt64(out token),
                2 => TryReadSecret(ref reader, out secret),
                3 => ControlFormat.TryReadCertificate(ref reader, out csr),
                4 => ControlFormat.TryReadKey(ref reader, out key),
                5 => ControlFormat.TryReadRole(ref reader, out role),
                6 => ControlFormat.TryReadLabel(ref reader, ControlLimits.MaxName, out name),
                7 => ControlFormat.TryReadLabel(ref reader, ControlLimits.MaxPlace, out region),
                8 => ControlFormat.TryReadLabel(ref reader, ControlLimits.MaxPlace, out site),
                9 => ControlFormat.TryReadLabel(ref reader, ControlLimits.MaxPlace, out operatorName),
                10 => ControlFormat.TryReadAddresses(ref reader, out addresses),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required) || !reader.IsAtEnd)
            return false;
        request = new()
        {
            Token = token,
            Secret = secret,
            Request = csr,
            Key = key,
            Role = role,
            Name = name,
            Region = region,
            Site = site,
            Operator = operatorName,
            Addresses = addresses,
        };
        return true;
    }

    public byte[] ToArray()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        string[] places = [Name, Region, Site, Operator];
        writer.WriteMapHeader(6 + places.Count(place => place.Length > 0));
        writer.WriteInteger(1);
        writer.WriteInteger(Token);
        writer.WriteInteger(2);
        Span<byte> secret = stackalloc byte[TokenSecret.Bytes];
        Secret.Write(secret);
        writer.WriteBinary(secret);
        writer.WriteInteger(3);
        writer.WriteBinary(Request);
        writer.WriteInteger(4);
        writer.WriteBinary(Key.ToArray());
        writer.WriteField(5, (long)Role);
        for (var i = 0; i < places.Length; i++)
            writer.WriteFieldUnlessEmpty(6 + i, places[i]);
        writer.WriteInteger(10);
        ControlFormat.WriteAddresses(ref writer, Addresses);
        return output.WrittenSpan.ToArray();
    }

    private static bool TryReadSecret(ref MessagePackReader reader, out TokenSecret secret)
    {
        secret = default;
        if (!reader.TryReadBinary(out var bytes) || bytes.Length != TokenSecret.Bytes)
            return false;
        secret = new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }
}
