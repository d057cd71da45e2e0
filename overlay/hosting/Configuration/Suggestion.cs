namespace WeCan.Hosting.Configuration;

/// <summary>What somebody may have meant who wrote a name that does not exist.</summary>
internal static class Suggestion
{
    /// <summary>The name nearest to <paramref name="written"/>, or null where none is near: at most one error in three letters.</summary>
    public static string? For(string written, IEnumerable<string> names)
    {
        string? best = null;
        var fewest = Math.Max(1, written.Length / 3) + 1;
        foreach (var name in names)
        {
            var errors = Distance(written.ToLowerInvariant().Replace('-', '_'), name);
            if (errors < fewest)
                (best, fewest) = (name, errors);
        }

        return best;
    }

    /// <summary>Letters to insert, take out, replace, or exchange with their neighbour.</summary>
    private static int Distance(string left, string right)
    {
        var cost = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            cost[i, 0] = i;
        for (var j = 0; j <= right.Length; j++)
            cost[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = cost[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[left.Length, right.Length];
    }
}
