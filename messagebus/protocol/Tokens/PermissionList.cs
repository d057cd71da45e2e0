using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>The patterns that a token lets its client use, all of one space. Few, so they are looked at one by one.</summary>
internal sealed class PermissionList(IEnumerable<byte[]> patterns)
{
    public static readonly PermissionList None = new([]);

    private readonly byte[][] _patterns = [.. patterns];

    public IReadOnlyList<byte[]> Patterns => _patterns;

    /// <summary>Of a subject that was checked.</summary>
    public bool Allows(ReadOnlySpan<byte> subject)
    {
        foreach (var pattern in _patterns)
        {
            if (PatternRules.Matches(pattern, subject))
                return true;
        }

        return false;
    }

    /// <summary>Of a pattern that was checked: one permission has to have all that it has.</summary>
    public bool AllowsAll(ReadOnlySpan<byte> pattern)
    {
        foreach (var permission in _patterns)
        {
            if (PatternRules.Covers(permission, pattern))
                return true;
        }

        return false;
    }
}
