namespace WeCan.Simulation;

/// <summary>Makes a host's program: once when it is added, and again with the next boot epoch at every restart.</summary>
public delegate ISimHost SimHostFactory(SimHostContext context);
