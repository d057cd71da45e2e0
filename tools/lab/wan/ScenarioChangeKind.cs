namespace WeCan.Lab.Wan;

/// <summary>What a <see cref="ScenarioChange"/> does.</summary>
public enum ScenarioChangeKind
{
    /// <summary>Resets every pair to the patch.</summary>
    Default,

    /// <summary>Patches both directions between two hosts.</summary>
    Link,

    /// <summary>Patches one direction.</summary>
    Path,

    /// <summary>The host's network comes up.</summary>
    HostUp,

    /// <summary>The host's network goes down; its program lives on.</summary>
    HostDown,

    /// <summary>The host's program dies at once. The network carries on; whoever runs the programs acts on it.</summary>
    Crash,

    /// <summary>The host's program starts anew.</summary>
    Restart,
}
