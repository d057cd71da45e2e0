using System.Globalization;

namespace WeCan.Simulation.Swarm;

/// <summary>One node of a plan and the bounds it runs with.</summary>
/// <param name="Place">Its place among the scenario's hosts.</param>
/// <param name="PacketMemory">Bytes of packet buffers.</param>
/// <param name="TransportMemory">Bytes for what is sent and for what arrives, each.</param>
/// <param name="DriftPpm">How fast its clock runs.</param>
public sealed record SwarmNode(int Place, long PacketMemory, long TransportMemory, double DriftPpm)
{
    public string Name => $"n{Place + 1}";

    /// <summary>What its links may send together; zero for no limit.</summary>
    public double UplinkMbps { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name} packet memory {PacketMemory >> 20} MiB, transport memory {TransportMemory >> 20} MiB, drift {DriftPpm:0.#} ppm{(UplinkMbps > 0 ? $", uplink {UplinkMbps:0.##} Mbit/s" : "")}");
}
