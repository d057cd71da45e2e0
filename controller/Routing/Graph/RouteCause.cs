namespace WeCan.Controller.Routing.Graph;

/// <summary>Why the ways of a pair became what they are.</summary>
internal enum RouteCause : byte
{
    /// <summary>They did not change.</summary>
    None = 0,

    /// <summary>There were none before.</summary>
    First = 1,

    /// <summary>One that was held can be used no more.</summary>
    Broken = 2,

    /// <summary>Another was clearly better.</summary>
    Better = 3,

    /// <summary>There is no way any more.</summary>
    Gone = 4,

    /// <summary>The first way is the same, and a backup or the detour another.</summary>
    Backup = 5,

    /// <summary>A better way is known, and more pairs than may move at once gain more.</summary>
    Waits = 6,

    /// <summary>A better way is known, which would be none with what this pair sends.</summary>
    Loaded = 7,

    /// <summary>A better way is known; but the pair was led elsewhere lately, and what came of that is not known yet.</summary>
    Rests = 8,
}
