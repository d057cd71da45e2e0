namespace WeCan.Simulation.Swarm;

/// <summary>What the applications of a swarm are doing.</summary>
public enum SwarmStage
{
    /// <summary>They follow the plan.</summary>
    Storm,

    /// <summary>They begin nothing new and wait for what they began.</summary>
    Recovery,

    /// <summary>Each flow sends a few messages.</summary>
    Proof,

    /// <summary>They are silent.</summary>
    Idle,
}
