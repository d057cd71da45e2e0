using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>
/// What a subject is, and a pattern: UTF-8 in tokens parted by dots, the first of which names the space. In a pattern <c>*</c> stands
/// for one token and <c>&gt;</c>, at its end, for one or more; its space is always named. Bytes are compared as they are.
/// </summary>
internal static class SubjectRules
{
    public const byte Dot = (byte)'.';

    public const byte Star = (byte)'*';

    public const byte Arrow = (byte)'>';

    /// <summary>Begins the second token of what the system itself uses: such subjects are met by patterns alone that name that token.</summary>
    public const byte Dollar = (byte)'$';

    private static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(code => (byte)code), Star, Arrow, 0x7f]);

    private static readonly SearchValues<byte> SpaceCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    public static SubjectFault CheckSubject(ReadOnlySpan<byte> subject) => Check(subject, isPattern: false);

    public static SubjectFault CheckPattern(ReadOnlySpan<byte> pattern) => Check(pattern, isPattern: true);

    public static bool IsSpace(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= SubjectLimits.MaxSpaceBytes && !name.ContainsAnyExcept(SpaceCharacters);

    /// <summary>The space of a subject or pattern that was checked.</summary>
    public static ReadOnlySpan<byte> SpaceOf(ReadOnlySpan<byte> name)
    {
        var dot = name.IndexOf(Dot);
        return dot < 0 ? name : name[..dot];
    }

    private static SubjectFault Check(ReadOnlySpan<byte> name, bool isPattern)
    {
        if (name.IsEmpty)
            return SubjectFault.Empty;
        if (name.Length > SubjectLimits.MaxBytes)
            return SubjectFault.TooLong;
        var rest = name;
        for (var tokens = 1; ; tokens++)
        {
            if (tokens > SubjectLimits.MaxTokens)
                return SubjectFault.TooManyTokens;
            var dot = rest.IndexOf(Dot);
            var token = dot < 0 ? rest : rest[..dot];
            if (CheckToken(token, tokens == 1, dot < 0, isPattern) is not SubjectFault.None and var fault)
                return fault;
            if (dot < 0)
                return tokens == 1 ? SubjectFault.OnlySpace : CheckText(name);
            rest = rest[(dot + 1)..];
        }
    }

    private static SubjectFault CheckToken(ReadOnlySpan<byte> token, bool isFirst, bool isLast, bool isPattern)
    {
        if (token.IsEmpty)
            return SubjectFault.EmptyToken;
        if (isFirst)
            return IsSpace(token) ? SubjectFault.None : SubjectFault.BadSpace;
        var special = token.IndexOfAny(Special);
        if (special < 0)
            return SubjectFault.None;
        if (token[special] is not (Star or Arrow))
            return SubjectFault.BadCharacter;
        if (!isPattern || token.Length > 1)
            return SubjectFault.Wildcard;
        return token[0] == Arrow && !isLast ? SubjectFault.ArrowNotLast : SubjectFault.None;
    }

    /// <summary>ASCII has been looked at; beyond it there is more white space, and bytes that are nothing.</summary>
    private static SubjectFault CheckText(ReadOnlySpan<byte> name)
    {
        if (Ascii.IsValid(name))
            return SubjectFault.None;
        if (!Utf8.IsValid(name))
            return SubjectFault.BadCharacter;
        while (!name.IsEmpty)
        {
            Rune.DecodeFromUtf8(name, out var rune, out var length);
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
                return SubjectFault.BadCharacter;
            name = name[length..];
        }

        return SubjectFault.None;
    }
}
