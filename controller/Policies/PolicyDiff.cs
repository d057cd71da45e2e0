using System.Globalization;
using System.Text.Json;
using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Policies;

/// <summary>
/// The difference of two policies, place by place, in the order in which the documents are written. Both are texts that this program has written,
/// so what means the same is the same. Members of an object are compared by their names. Entries of a list are told one by one, also where
/// the whole list is on one side alone, and apart by what they are: what stands in both lists in one order is the same; of what is left between these, objects that agree in their
/// first member (the node, the link, the name) are one entry that changed, and everything else was added or removed.
/// </summary>
internal static class PolicyDiff
{
    /// <summary>The table behind a list's comparison; what would need a larger one is told apart by first members alone.</summary>
    private const int MostCells = 1 << 20;

    public static IReadOnlyList<PolicyChangeEntry> Between(string before, string after)
    {
        using var old = JsonDocument.Parse(before);
        using var now = JsonDocument.Parse(after);
        var changes = new List<PolicyChangeEntry>();
        Compare("", old.RootElement, now.RootElement, changes);
        return changes;
    }

    private static void Compare(string path, JsonElement before, JsonElement after, List<PolicyChangeEntry> changes)
    {
        if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object)
            CompareObjects(path, before, after, changes);
        else if (before.ValueKind == JsonValueKind.Array && after.ValueKind == JsonValueKind.Array)
            CompareLists(path, [.. before.EnumerateArray()], [.. after.EnumerateArray()], changes);
        else if (!JsonElement.DeepEquals(before, after))
            changes.Add(new(path, before.Clone(), after.Clone()));
    }

    private static void CompareObjects(string path, JsonElement before, JsonElement after, List<PolicyChangeEntry> changes)
    {
        foreach (var member in before.EnumerateObject())
        {
            if (after.TryGetProperty(member.Name, out var other))
                Compare(Member(path, member.Name), member.Value, other, changes);
            else
                Alone(Member(path, member.Name), member.Value, value => new(value.Path, value.Value, null), changes);
        }

        foreach (var member in after.EnumerateObject())
        {
            if (!before.TryGetProperty(member.Name, out _))
                Alone(Member(path, member.Name), member.Value, value => new(value.Path, null, value.Value), changes);
        }
    }

    /// <summary>What stands on one side alone. Of a list that is told entry by entry, as of one that is on both; one that is empty is told as it is.</summary>
    private static void Alone(string path, JsonElement value, Func<(string Path, JsonElement Value), PolicyChangeEntry> told, List<PolicyChangeEntry> changes)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            changes.Add(told((path, value.Clone())));
        else
            changes.AddRange(value.EnumerateArray().Select((entry, place) => told((Entry(path, place), entry.Clone()))));
    }

    private static void CompareLists(string path, JsonElement[] before, JsonElement[] after, List<PolicyChangeEntry> changes)
    {
        var (i, j) = (0, 0);
        foreach (var (one, other) in Same(before, after).Append((before.Length, after.Length)))
        {
            CompareGap(path, before, i..one, after, j..other, changes);
            (i, j) = (one + 1, other + 1);
        }
    }

    /// <summary>What stands between entries that are the same.</summary>
    private static void CompareGap(string path, JsonElement[] before, Range olds, JsonElement[] after, Range news, List<PolicyChangeEntry> changes)
    {
        var added = new SortedSet<int>(Enumerable.Range(news.Start.Value, news.End.Value - news.Start.Value));
        var known = added.Where(place => NameOf(after[place]) is not null).GroupBy(place => NameOf(after[place])!, StringComparer.Ordinal)
            .ToDictionary(places => places.Key, places => new Queue<int>(places), StringComparer.Ordinal);
        for (var i = olds.Start.Value; i < olds.End.Value; i++)
        {
            if (NameOf(before[i]) is { } name && known.TryGetValue(name, out var places) && places.TryDequeue(out var place))
            {
                Compare(Entry(path, place), before[i], after[place], changes);
                added.Remove(place);
            }
            else
            {
                changes.Add(new(Entry(path, i), before[i].Clone(), null));
            }
        }

        changes.AddRange(added.Select(place => new PolicyChangeEntry(Entry(path, place), null, after[place].Clone())));
    }

    /// <summary>An object's first member; null for what is none.</summary>
    private static string? NameOf(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            return null;
        using var members = entry.EnumerateObject();
        return members.MoveNext() ? $"{members.Current.Name}:{members.Current.Value.GetRawText()}" : null;
    }

    /// <summary>The places of entries that stand in both lists, ascending in both: as many as can be.</summary>
    private static List<(int Before, int After)> Same(JsonElement[] before, JsonElement[] after)
    {
        var (olds, news) = Number(before, after);
        var same = new List<(int Before, int After)>();
        var start = 0;
        while (start < olds.Length && start < news.Length && olds[start] == news[start])
            same.Add((start, start++));
        var (oldEnd, newEnd) = (olds.Length, news.Length);
        while (oldEnd > start && newEnd > start && olds[oldEnd - 1] == news[newEnd - 1])
            (oldEnd, newEnd) = (oldEnd - 1, newEnd - 1);
        if ((long)(oldEnd - start) * (newEnd - start) <= MostCells)
            same.AddRange(Longest(olds.AsSpan(start..oldEnd), news.AsSpan(start..newEnd)).Select(pair => (pair.Before + start, pair.After + start)));
        for (var i = 0; oldEnd + i < olds.Length; i++)
            same.Add((oldEnd + i, newEnd + i));
        return same;
    }

    /// <summary>The longest sequence that is in both, by the table of its lengths from each pair of places on.</summary>
    private static List<(int Before, int After)> Longest(ReadOnlySpan<int> before, ReadOnlySpan<int> after)
    {
        var lengths = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
                lengths[i, j] = before[i] == after[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        }

        var pairs = new List<(int Before, int After)>();
        for (var (i, j) = (0, 0); i < before.Length && j < after.Length;)
        {
            if (before[i] == after[j])
                pairs.Add((i++, j++));
            else if (lengths[i + 1, j] >= lengths[i, j + 1])
                i++;
            else
                j++;
        }

        return pairs;
    }

    /// <summary>A number for each entry, the same for those that are written the same.</summary>
    private static (int[] Before, int[] After) Number(JsonElement[] before, JsonElement[] after)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return ([.. before.Select(Of)], [.. after.Select(Of)]);

        int Of(JsonElement entry)
        {
            var text = entry.GetRawText();
            if (!numbers.TryGetValue(text, out var number))
                numbers.Add(text, number = numbers.Count);
            return number;
        }
    }

    /// <summary>A name of letters, digits, '_' and '-' follows a dot; any other is quoted, so that no two places are written alike.</summary>
    private static string Member(string path, string name)
    {
        var isPlain = name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');
        return !isPlain ? $"{path}[{JsonSerializer.Serialize(name, PolicyJson.Default.String)}]" : path.Length == 0 ? name : $"{path}.{name}";
    }

    private static string Entry(string path, int place) => string.Create(CultureInfo.InvariantCulture, $"{path}[{place}]");
}
