namespace WeCan.Edge.Bus.Between;

/// <summary>Spaces of which messages were let go; of any, where they are too many to name.</summary>
internal sealed class LostSpaces
{
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    public bool IsAny { get; private set; }

    public bool IsEmpty => !IsAny && _named.Count == 0;

    public IReadOnlyCollection<string> Named => _named;

    public bool Contains(string space) => IsAny || _named.Contains(space);

    public void Add(string space)
    {
        if (IsAny || (_named.Add(space) && _named.Count > BetweenLimits.MaxLostSpaces))
            AddAny();
    }

    public void AddAny()
    {
        IsAny = true;
        _named.Clear();
    }

    public void Clear()
    {
        IsAny = false;
        _named.Clear();
    }
}
