using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Routing.Policy;

/// <summary>
/// What the rules of links say of each direction between members. Members that the same rules fit are a group, and what is said from one group to another is
/// found out once: for each thing that a rule can say, of the rules that fit, the last that says it. So the time goes with the pairs of groups, at most those of members,
/// and hardly with how many rules fit them. Not changed once made.
/// </summary>
internal sealed class LinkTable
{
    /// <summary>What a rule can say: a price, what is paid for, a capacity, classes, maintenance.</summary>
    private const int Fields = 5;

    private readonly IReadOnlyList<LinkRule> _rules;
    private readonly int _words;
    private readonly int[] _groupOf;

    /// <summary>For each group a bit for each rule that fits it where a link begins, and where it ends.</summary>
    private readonly List<ulong[]> _from = [];
    private readonly List<ulong[]> _to = [];
    private readonly ulong[] _both;

    /// <summary>For each field the rules that say it, and which of the different values each says.</summary>
    private readonly ulong[][] _says = new ulong[Fields][];
    private readonly int[][] _values = new int[Fields][];
    private readonly List<LinkTerms> _kinds = [];
    private readonly int[] _pairs;

    public LinkTable(IReadOnlyList<LinkRule> rules, IReadOnlyList<Member> members)
    {
        _rules = rules;
        _words = (rules.Count + 63) / 64;
        _groupOf = GroupsOf(members);
        _both = BitsOf(rule => rule.Both);
        for (var field = 0; field < Fields; field++)
        {
            var (numbers, each) = (new Dictionary<long, int>(), field);
            _says[field] = BitsOf(rule => Said(rule, each) is not null);
            _values[field] = [.. rules.Select(rule => Said(rule, each) is { } said ? numbers.TryGetValue(said, out var known) ? known : numbers[said] = numbers.Count + 1 : 0)];
        }

        _pairs = new int[_from.Count * _from.Count];
        var kinds = new Dictionary<long, int>();
        for (var from = 0; from < _from.Count; from++)
        {
            for (var to = 0; to < _from.Count; to++)
                _pairs[(from * _from.Count) + to] = KindOf(from, to, kinds);
        }
    }

    /// <summary>All that is said of some direction.</summary>
    public IReadOnlyList<LinkTerms> Kinds => _kinds;

    public LinkTerms Of(int from, int to) => _kinds[_pairs[(_groupOf[from] * _from.Count) + _groupOf[to]]];

    private int[] GroupsOf(IReadOnlyList<Member> members)
    {
        var groups = new Dictionary<(BigInteger From, BigInteger To), int>();
        var groupOf = new int[members.Count];
        for (var place = 0; place < members.Count; place++)
        {
            var member = members[place];
            var (from, to) = (BitsOf(rule => rule.From.Fits(member)), BitsOf(rule => rule.To.Fits(member)));
            var fitting = (NumberOf(from), NumberOf(to));
            if (!groups.TryGetValue(fitting, out groupOf[place]))
            {
                groups.Add(fitting, groupOf[place] = _from.Count);
                _from.Add(from);
                _to.Add(to);
            }
        }

        return groupOf;

        static BigInteger NumberOf(ulong[] bits) => new(MemoryMarshal.AsBytes(bits.AsSpan()), isUnsigned: true);
    }

    /// <summary>Optimised at once: it runs a million times in one go, and then perhaps for days not at all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int KindOf(int from, int to, Dictionary<long, int> kinds)
    {
        Span<int> last = stackalloc int[Fields];
        Span<ulong> fits = stackalloc ulong[_words];
        var (fromBegins, fromEnds, toBegins, toEnds) = (_from[from], _to[from], _from[to], _to[to]);
        for (var word = 0; word < fits.Length; word++)
            fits[word] = (fromBegins[word] & toEnds[word]) | (_both[word] & toBegins[word] & fromEnds[word]);
        var key = 0L;
        for (var field = 0; field < Fields; field++)
        {
            last[field] = LastOf(fits, _says[field]);
            key = (key << 12) | (uint)(last[field] < 0 ? 0 : _values[field][last[field]]);
        }

        if (kinds.TryGetValue(key, out var kind))
            return kind;
        kinds.Add(key, kind = _kinds.Count);
        _kinds.Add(TermsOf(last));
        return kind;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LastOf(ReadOnlySpan<ulong> fits, ulong[] says)
    {
        for (var word = fits.Length - 1; word >= 0; word--)
        {
            if ((fits[word] & says[word]) is not 0 and var both)
                return (word * 64) + BitOperations.Log2(both);
        }

        return -1;
    }

    private LinkTerms TermsOf(ReadOnlySpan<int> last) => LinkTerms.None.With(new()
    {
        Price = last[0] < 0 ? null : _rules[last[0]].Price,
        Paid = last[1] < 0 ? null : _rules[last[1]].Paid,
        Capacity = last[2] < 0 ? null : _rules[last[2]].Capacity,
        Classes = last[3] < 0 ? [] : _rules[last[3]].Classes,
        Maintenance = last[4] < 0 ? null : _rules[last[4]].Maintenance,
    });

    /// <summary>What a rule says in a field, as a number that differs from that of anything else; null where it says nothing.</summary>
    private static long? Said(LinkRule rule, int field) => field switch
    {
        0 => rule.Price is { } price ? BitConverter.DoubleToInt64Bits(price) : null,
        1 => rule.Paid?.BitsPerSecond,
        2 => rule.Capacity?.BitsPerSecond,
        3 => rule.Classes.Count > 0 ? rule.Classes.Aggregate(0L, (mask, service) => mask | (1L << (int)service)) : null,
        _ => rule.Maintenance is { } maintained ? (maintained ? 1 : 0) : null,
    };

    private ulong[] BitsOf(Func<LinkRule, bool> fits)
    {
        var bits = new ulong[_words];
        for (var rule = 0; rule < _rules.Count; rule++)
            bits[rule / 64] |= fits(_rules[rule]) ? 1UL << (rule % 64) : 0;
        return bits;
    }
}
