namespace WeCan.Controller.Service;

/// <summary>Where a controller stands among those that share a database.</summary>
internal enum LeadershipPost
{
    /// <summary>It has no lease.</summary>
    Stands,

    /// <summary>It has one, and reads what the network has.</summary>
    Loads,

    /// <summary>It has one, and all that belongs to it.</summary>
    Leads,

    /// <summary>It had one, and cannot ask whether it still has: it serves nodes from memory.</summary>
    Doubts,

    /// <summary>The same, but another controller says that it leads: nodes are sent there.</summary>
    Elsewhere,
}
