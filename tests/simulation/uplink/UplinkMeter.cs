using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Uplinks;

/// <summary>Sees all that one host sends, and knows by how many bytes the fullest of all intervals exceeded a rate.</summary>
internal sealed class UplinkMeter
{
    private readonly int _host;
    private readonly Bandwidth _rate;
    private double _sent;
    private double _lowest = double.MaxValue;

    public UplinkMeter(SimulationLoop loop, int host, Bandwidth rate)
    {
        (_host, _rate) = (host, rate);
        loop.Observer = See;
    }

    public double Excess { get; private set; }

    private void See(SimEvent happened)
    {
        if (happened.Kind != SimEventKind.Transmit || happened.Host != _host)
            return;
        var allowed = _rate.BitsPerSecond / 8e9 * happened.At.Nanoseconds;
        _lowest = Math.Min(_lowest, _sent - allowed);
        _sent += happened.Detail + WanLimits.IpUdpHeader;
        Excess = Math.Max(Excess, _sent - allowed - _lowest);
    }
}
