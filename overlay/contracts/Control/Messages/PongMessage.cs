using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>The answer to a <see cref="PingMessage"/> of the same number.</summary>
public sealed record PongMessage(uint Number) : ControlMessage
{
    public override ControlKind Kind => ControlKind.Pong;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        if (!PingMessage.TryReadNumber(ref reader, out var number))
            return false;
        message = new PongMessage(number);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteField(1, Number);
    }
}
