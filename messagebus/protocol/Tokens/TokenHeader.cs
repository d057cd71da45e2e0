namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>
/// A token's header, which anybody may have written, read before its signature is: a flat JSON object of strings without escapes. That
/// is all that a header needs to be, and little enough to be read without anything that could throw. Members that nobody here
/// knows are passed over, but for <c>crit</c>, which asks for more than is done here.
/// </summary>
internal readonly ref struct TokenHeader
{
    public ReadOnlySpan<byte> Algorithm { get; private init; }

    public ReadOnlySpan<byte> Key { get; private init; }

    public static bool TryRead(ReadOnlySpan<byte> json, out TokenHeader header)
    {
        header = default;
        ReadOnlySpan<byte> algorithm = default;
        ReadOnlySpan<byte> key = default;
        var rest = json;
        if (!TryTake(ref rest, (byte)'{'))
            return false;
        while (true)
        {
            if (!TryTakeString(ref rest, out var name) || !TryTake(ref rest, (byte)':') || !TryTakeString(ref rest, out var value))
                return false;
            if (name.SequenceEqual("alg"u8))
                algorithm = value;
            else if (name.SequenceEqual("kid"u8))
                key = value;
            else if (name.SequenceEqual("crit"u8))
                return false;
            if (TryTake(ref rest, (byte)','))
                continue;
            if (!TryTake(ref rest, (byte)'}') || !rest.Trim(" \t\r\n"u8).IsEmpty)
                return false;
            header = new() { Algorithm = algorithm, Key = key };
            return true;
        }
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, byte wanted)
    {
        var trimmed = rest.TrimStart(" \t\r\n"u8);
        if (trimmed.IsEmpty || trimmed[0] != wanted)
            return false;
        rest = trimmed[1..];
        return true;
    }

    private static bool TryTakeString(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryTake(ref rest, (byte)'"'))
            return false;
        var end = rest.IndexOf((byte)'"');
        if (end < 0 || rest[..end].Contains((byte)'\\'))
            return false;
        text = rest[..end];
        rest = rest[(end + 1)..];
        return true;
    }
}
