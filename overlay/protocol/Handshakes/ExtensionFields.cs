using System.Buffers.Binary;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// The end of every handshake payload: fields of tomorrow's nodes, all of which this version skips.
/// <code>type (2) | length (2) | value (length)</code>
/// </summary>
internal static class ExtensionFields
{
    private const int HeaderBytes = 4;

    /// <summary>Whether the bytes are a sequence of whole fields; none at all is one too.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < HeaderBytes)
                return false;
            var end = HeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            if (bytes.Length < end)
                return false;
            bytes = bytes[end..];
        }

        return true;
    }
}
