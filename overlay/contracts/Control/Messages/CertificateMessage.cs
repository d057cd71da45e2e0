using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>The answer to <see cref="RenewMessage"/>: the node's new certificate first, then what it needs to be believed, in DER.</summary>
public sealed record CertificateMessage(IReadOnlyList<byte[]> Chain) : ControlMessage
{
    public override ControlKind Kind => ControlKind.Certificate;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        IReadOnlyList<byte[]> chain = [];
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            if (!(field == 1 ? ControlFormat.TryReadCertificates(ref reader, out chain) : reader.TrySkip()))
                return false;
        }

        if (!walk.Ended(1 << 1))
            return false;
        message = new CertificateMessage(chain);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteInteger(1);
        ControlFormat.WriteCertificates(ref writer, Chain);
    }
}
