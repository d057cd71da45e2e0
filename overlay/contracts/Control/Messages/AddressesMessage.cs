using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>Where the node can be reached from now on.</summary>
public sealed record AddressesMessage(IReadOnlyList<NetAddress> Addresses) : ControlMessage
{
    public override ControlKind Kind => ControlKind.Addresses;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        IReadOnlyList<NetAddress> addresses = [];
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            if (!(field == 1 ? ControlFormat.TryReadAddresses(ref reader, out addresses) : reader.TrySkip()))
                return false;
        }

        if (!walk.Ended(1 << 1))
            return false;
        message = new AddressesMessage(addresses);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteInteger(1);
        ControlFormat.WriteAddresses(ref writer, Addresses);
    }
}
