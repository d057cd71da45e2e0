using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>
/// Asks for a new certificate: a PKCS#10 request in DER with the TLS key that it is for, and the overlay key that goes with
/// it. The old certificate stays good until the new one was used, as the answer may get lost. A node asks for one
/// key in a session, and from then on shows the newest certificate that it has.
/// </summary>
public sealed record RenewMessage(byte[] Request, OverlayKey Key) : ControlMessage
{
    private const ulong Required = (1 << 1) | (1 << 2);

    public override ControlKind Kind => ControlKind.Renew;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        byte[] request = [];
        OverlayKey key = default;
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => ControlFormat.TryReadCertificate(ref reader, out request),
                2 => ControlFormat.TryReadKey(ref reader, out key),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required))
            return false;
        message = new RenewMessage(request, key);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteInteger(1);
        writer.WriteBinary(Request);
        writer.WriteInteger(2);
        writer.WriteBinary(Key.ToArray());
    }
}
