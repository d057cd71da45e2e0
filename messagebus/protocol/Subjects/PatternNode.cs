namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>A token under its parent in a tree of patterns. -1 is none.</summary>
internal struct PatternNode
{
    public const int None = -1;

    public int Parent;

    /// <summary>Where the token's bytes are; a star and an arrow are tokens like others.</summary>
    public int Token;

    public byte TokenLength;

    /// <summary>Of the token under its parent, so that the table of children can move it without reading the token.</summary>
    public uint Hash;

    /// <summary>The first child of any kind; the others follow by <see cref="Next"/>.</summary>
    public int Child;

    /// <summary>The next child of the same parent.</summary>
    public int Next;

    /// <summary>The one before of the same parent.</summary>
    public int Previous;

    /// <summary>The child that is a star.</summary>
    public int Star;

    /// <summary>The child that is an arrow.</summary>
    public int Arrow;

    /// <summary>The first entry of the pattern that ends here.</summary>
    public int Entries;

    public readonly bool IsEmpty => Child == None && Entries == None;
}
