using System.Buffers;

namespace WeCan.Contracts.Access;

/// <summary>What a space may be called, the first token of each of its subjects: 1 to 63 of a to z, digits, - and _.</summary>
public static class SpaceNames
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    public static bool IsOne(ReadOnlySpan<char> name) => name.Length is > 0 and <= AccessLimits.MaxSpaceBytes && !name.ContainsAnyExcept(Characters);
}
