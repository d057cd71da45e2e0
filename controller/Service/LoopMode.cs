namespace WeCan.Controller.Service;

/// <summary>What the loop may do now.</summary>
internal enum LoopMode
{
    /// <summary>Its changes go to the store.</summary>
    Leads,

    /// <summary>The store takes nothing: nodes are served from memory, and nothing changes.</summary>
    ReadOnly,

    /// <summary>Another controller leads: nodes are sent there.</summary>
    StandsBy,
}
