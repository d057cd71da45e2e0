namespace WeCan.Controller.Routing.Graph;

/// <summary>One direction of one link, and what it costs from now on.</summary>
internal readonly record struct LinkChange(int From, int To, int Cost)
{
    /// <summary>What differs in a topology of the same nodes from what was reckoned with; no more than one beyond <paramref name="most"/>.</summary>
    public static List<LinkChange> Find(Onward before, Topology topology, int most)
    {
        var changes = new List<LinkChange>();
        for (var from = 0; from < topology.Count; from++)
        {
            var (old, now) = (before.Links(from), topology.Row(before.Service, from));
            if (old == now)
                continue;
            for (var to = old.AsSpan().CommonPrefixLength(now); to < now.Length; to++)
            {
                if (old[to] != now[to])
                    changes.Add(new(from, to, now[to]));
                if (changes.Count > most)
                    return changes;
            }
        }

        return changes;
    }
}
