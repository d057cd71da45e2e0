namespace WeCan.Contracts.Control;

/// <summary>What became of reading one payload.</summary>
public enum ControlReadResult
{
    Read,

    /// <summary>Well formed, and of a kind that a later version has: to be ignored, and counted.</summary>
    Unknown,

    /// <summary>No message at all: nothing that the other side says can be trusted to be understood any more.</summary>
    Malformed,
}
