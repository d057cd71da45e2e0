namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>One value under a pattern, in the list of that pattern's values.</summary>
internal struct PatternEntry<T>
{
    public T Value;
    public int Node;
    public int Previous;
    public int Next;
}
