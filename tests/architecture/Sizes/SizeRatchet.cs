namespace WeCan.Architecture.Tests.Sizes;

/// <summary>
/// The exceptions from the limits on sizes, which may only shrink: what is over its limit must be listed, and what is
/// listed must be over its limit by exactly what the list says. One exception a line: a path, for a function its
/// Type.Name, and the lines allowed.
/// </summary>
internal static class SizeRatchet
{
    public const string FileName = "tests/architecture/ratchet.txt";

    public static IEnumerable<string> Violations(IReadOnlyCollection<SizeEntry> measured, string ratchet)
    {
        var exceptions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in ratchet.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#')))
        {
            var space = line.LastIndexOf(' ');
            if (space < 0 || !int.TryParse(line.AsSpan(space + 1), out var allowed) || !exceptions.TryAdd(line[..space].TrimEnd(), allowed))
                yield return $"{FileName}: \"{line}\" is not a path, an optional Type.Name and a number, each only once.";
        }

        foreach (var entry in measured)
        {
            var limit = entry.Function is null ? CodeSizes.MostInFile : CodeSizes.MostInFunction;
            if (!exceptions.Remove(entry.Name, out var allowed))
            {
                if (entry.Lines > limit)
                    yield return $"{entry.Name} has {entry.Lines} lines, the limit is {limit}: it holds two ideas, find the second and give it its own {(entry.Function is null ? "file" : "function")}.";
            }
            else if (entry.Lines <= limit)
            {
                yield return $"{FileName}: {entry.Name} has {entry.Lines} lines and needs no exception any more: remove its line.";
            }
            else if (entry.Lines > allowed)
            {
                yield return $"{entry.Name} has {entry.Lines} lines, and its exception allows {allowed}: exceptions only shrink, take something out.";
            }
            else if (entry.Lines < allowed)
            {
                yield return $"{FileName}: {entry.Name} has {entry.Lines} lines now: lower its exception from {allowed} to {entry.Lines}.";
            }
        }

        foreach (var name in exceptions.Keys)
            yield return $"{FileName}: there is no {name} any more: remove its line.";
    }
}
