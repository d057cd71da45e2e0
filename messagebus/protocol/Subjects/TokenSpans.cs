using System.Runtime.CompilerServices;

namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>Where the tokens of a name that was checked lie in it, and their hashes; found once, before a tree is walked.</summary>
internal ref struct TokenSpans
{
    private readonly ReadOnlySpan<byte> _name;
    private Ends _ends;
    private Hashes _hashes;

    public TokenSpans(ReadOnlySpan<byte> name, ulong seed)
    {
        _name = name;
        var start = 0;
        while (start <= name.Length)
        {
            if (Count == SubjectLimits.MaxTokens)
                throw new ArgumentException("A name has more tokens than SubjectRules lets in.", nameof(name));
            var dot = name[start..].IndexOf(SubjectRules.Dot);
            var end = dot < 0 ? name.Length : start + dot;
            _ends[Count] = end;
            _hashes[Count] = TokenHash.Of(seed, name[start..end]);
            Count++;
            start = end + 1;
        }
    }

    public int Count { get; private set; }

    public readonly ReadOnlySpan<byte> this[int index] => _name[(index == 0 ? 0 : _ends[index - 1] + 1).._ends[index]];

    public readonly ulong HashOf(int index) => _hashes[index];

    [InlineArray(SubjectLimits.MaxTokens)]
    private struct Ends
    {
        private int _first;
    }

    [InlineArray(SubjectLimits.MaxTokens)]
    private struct Hashes
    {
        private ulong _first;
    }
}
