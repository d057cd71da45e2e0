namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>Why a home gives a slice no more, or not at all. The numbers stay.</summary>
internal enum EndReason : byte
{
    /// <summary>It has grown too large: asked for again it is a narrower one.</summary>
    TooWide = 1,

    /// <summary>By its membership this edge is no home of the space.</summary>
    NotHome = 2,

    /// <summary>Another slice of this follower has the subject.</summary>
    Covered = 3,

    /// <summary>The follower has as many as it may have.</summary>
    TooMany = 4,
}
