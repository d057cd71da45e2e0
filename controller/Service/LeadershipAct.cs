namespace WeCan.Controller.Service;

/// <summary>What is to be done for a leadership, in its order.</summary>
internal enum LeadershipAct
{
    /// <summary>The lease is asked for. To be answered.</summary>
    Take,

    /// <summary>It is asked for longer. To be answered.</summary>
    Renew,

    /// <summary>All that the network has is to be read. To be answered.</summary>
    Load,

    /// <summary>The other controllers are asked who leads. To be answered.</summary>
    AskOthers,

    /// <summary>The lease is given back.</summary>
    Release,

    /// <summary>This one leads, with what was read last.</summary>
    Lead,

    /// <summary>It stands by, as the database says that another one leads.</summary>
    StandBy,

    /// <summary>It was overtaken.</summary>
    Overtaken,

    /// <summary>It stands by without knowing who leads, as the database does not answer.</summary>
    StandByBlind,

    /// <summary>It led and may not any more: nothing is changed until that is known.</summary>
    Doubt,

    /// <summary>It stands by, as another one leads by its own word.</summary>
    SendElsewhere,

    /// <summary>Nobody leads by any word: nodes are served from memory.</summary>
    Serve,

    /// <summary>The database has begun to be silent.</summary>
    Away,

    /// <summary>It answers again.</summary>
    Back,
}
