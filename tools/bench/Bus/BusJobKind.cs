namespace WeCan.Bench.Bus;

/// <summary>What two clients do between them.</summary>
internal enum BusJobKind
{
    /// <summary>One publishes as much as it can, the other counts.</summary>
    Flood,

    /// <summary>One publishes so many a second, the other looks how long they took.</summary>
    Pace,

    /// <summary>One asks and the other answers, one after the other.</summary>
    Request,
}
