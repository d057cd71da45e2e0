namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>What single patterns say of subjects and of each other. All arguments were checked by <see cref="SubjectRules"/>.</summary>
internal static class PatternRules
{
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> subject) => Covers(pattern, subject);

    /// <summary>Every subject of the second is one of the first. What the system itself uses is only covered where it is named.</summary>
    public static bool Covers(ReadOnlySpan<byte> wide, ReadOnlySpan<byte> narrow)
    {
        for (var index = 0; ; index++)
        {
            var mine = Next(ref wide);
            if (index == 1 && narrow is [SubjectRules.Dollar, ..] && mine is not [SubjectRules.Dollar, ..])
                return false;
            if (IsArrow(mine))
                return true;
            var other = Next(ref narrow);
            if (IsArrow(other) || !(IsStar(mine) || (!IsStar(other) && mine.SequenceEqual(other))))
                return false;
            if (wide.IsEmpty || narrow.IsEmpty)
                return wide.IsEmpty && narrow.IsEmpty;
        }
    }

    /// <summary>There is a subject that both have, were the system's own like all others.</summary>
    public static bool Overlap(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        while (true)
        {
            var left = Next(ref one);
            var right = Next(ref other);
            if (IsArrow(left) || IsArrow(right))
                return true;
            if (!IsStar(left) && !IsStar(right) && !left.SequenceEqual(right))
                return false;
            if (one.IsEmpty || other.IsEmpty)
                return one.IsEmpty && other.IsEmpty;
        }
    }

    /// <summary>Takes the first token and its dot off a name that has one.</summary>
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        var dot = rest.IndexOf(SubjectRules.Dot);
        var token = dot < 0 ? rest : rest[..dot];
        rest = dot < 0 ? default : rest[(dot + 1)..];
        return token;
    }

    private static bool IsStar(ReadOnlySpan<byte> token) => token.Length == 1 && token[0] == SubjectRules.Star;

    private static bool IsArrow(ReadOnlySpan<byte> token) => token.Length == 1 && token[0] == SubjectRules.Arrow;
}
