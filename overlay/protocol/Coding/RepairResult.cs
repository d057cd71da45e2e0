namespace WeCan.Protocol.Coding;

/// <summary>What became of a repair.</summary>
internal enum RepairResult
{
    /// <summary>It says something new about symbols that are missing; some may be solved now.</summary>
    Kept,

    /// <summary>All that it covers has come: what redundancy that was not needed looks like.</summary>
    NothingMissing,

    /// <summary>It says nothing that earlier repairs had not said.</summary>
    NothingNew,

    /// <summary>It covers a symbol that has come and whose bytes are no longer remembered, or one too far away.</summary>
    Useless,

    /// <summary>No buffer was left for it.</summary>
    OutOfBuffers,
}
