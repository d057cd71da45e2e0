namespace WeCan.Controller.Tests.Simulation;

/// <summary>What becomes of a question to the database.</summary>
internal enum DatabaseWay
{
    Open,

    /// <summary>It fails at once.</summary>
    Refuses,

    /// <summary>It is not answered, and may arrive late.</summary>
    Silent,
}
