using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>One host of a scenario: its number is its place in <see cref="Scenario.Hosts"/>.</summary>
/// <param name="DriftPpm">How fast its clock runs beside true time, in millionths; null where the scenario says nothing.</param>
/// <param name="Up">False when it starts out down.</param>
public sealed record ScenarioHost(string Name, uint IPv4, double? DriftPpm, bool Up)
{
    public NetAddress Address(ushort port) => NetAddress.FromIPv4(IPv4, port);
}
