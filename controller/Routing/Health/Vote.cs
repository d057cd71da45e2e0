namespace WeCan.Controller.Routing.Health;

/// <summary>What a node's peers say of it: how many have a good link to it, and how many had one lately and have none now.</summary>
internal struct Vote
{
    public int Good;

    public int Bad;

    /// <summary>Several say that it fails, and more of them than say that it does not.</summary>
    public readonly bool IsFailing => Bad >= HealthLimits.LeastVotes && Bad > Good;

    /// <summary>Hardly anybody complains of it.</summary>
    public readonly bool IsWell => Good >= HealthLimits.LeastVotes && Bad * HealthLimits.WellPart <= Good;
}
