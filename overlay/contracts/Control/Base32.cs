namespace WeCan.Contracts.Control;

/// <summary>
/// Bytes as text that people read aloud and type: Crockford's base 32, without the letters that look like digits. Written
/// in small letters; read in either case, with o for 0 and i and l for 1. Only whole groups of five bytes.
/// </summary>
internal static class Base32
{
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int GroupBytes = 5;
    private const int GroupDigits = 8;

    public static int Length(int bytes) => bytes / GroupBytes * GroupDigits;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[Length(bytes.Length)];
        for (var at = 0; at < text.Length; at++)
        {
            var bit = at * GroupBytes;
            var two = (bytes[bit / 8] << 8) | (bit / 8 + 1 < bytes.Length ? bytes[(bit / 8) + 1] : 0);
            text[at] = Digits[(two >> (11 - (bit % 8))) & 31];
        }

        return new(text);
    }

    /// <summary>Fills <paramref name="bytes"/>; false, with the position, where a letter is no digit. The text has the length of the bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int wrongAt)
    {
        wrongAt = -1;
        ulong group = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var digit = DigitOf(text[at]);
            if (digit < 0)
            {
                wrongAt = at;
                return false;
            }

            group = (group << GroupBytes) | (uint)digit;
            if (at % GroupDigits != GroupDigits - 1)
                continue;
            var start = at / GroupDigits * GroupBytes;
            for (var i = 0; i < GroupBytes; i++)
                bytes[start + i] = (byte)(group >> (8 * (GroupBytes - 1 - i)));
            group = 0;
        }

        return true;
    }

    private static int DigitOf(char letter) => char.ToLowerInvariant(letter) switch
    {
        'o' => 0,
        'i' or 'l' => 1,
        var small => Digits.IndexOf(small, StringComparison.Ordinal),
    };
}
