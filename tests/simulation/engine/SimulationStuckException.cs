namespace WeCan.Simulation;

/// <summary>The simulation ran into one of its limits: a host, or two together, never come to rest. The message says where.</summary>
public sealed class SimulationStuckException(string message) : Exception(message);
