using System.Text.Unicode;
using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>A message's headers, as bytes that travel whole: pairs of strings, name and value, one after the other.</summary>
internal static class MessageHeaders
{
    /// <summary>Names and values are UTF-8 and in pairs, no name is empty, and there are not too many.</summary>
    public static bool IsGood(ReadOnlySpan<byte> headers)
    {
        if (headers.Length > FrameLimits.MaxHeaderBytes)
            return false;
        var reader = new MessagePackReader(headers);
        for (var pairs = 0; !reader.IsAtEnd; pairs++)
        {
            if (pairs == FrameLimits.MaxHeaders || !TryReadPair(ref reader, out var name, out var value) || !Utf8.IsValid(name) || !Utf8.IsValid(value))
                return false;
        }

        return true;
    }

    public static bool TryReadPair(ref MessagePackReader reader, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        return reader.TryReadStringBytes(out name) && !name.IsEmpty && reader.TryReadStringBytes(out value);
    }
}
