namespace WeCan.Protocol.Links;

/// <summary>How often a link shows life to its peer.</summary>
public enum LinkPace : byte
{
    /// <summary>Every 10 s.</summary>
    Idle,

    /// <summary>Every second.</summary>
    Candidate,

    /// <summary>Every 50 ms or more often, so that its death shows within a quarter of a second.</summary>
    Fast,
}
