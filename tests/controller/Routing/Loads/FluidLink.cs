namespace WeCan.Controller.Tests.Routing.Loads;

/// <summary>One direction of a link, and what goes over it; in Mbit/s.</summary>
internal sealed class FluidLink(double rtt, double capacity)
{
    private double _sent;
    private double _sentFrom;
    private double _overFor;

    public double Rtt { get; set; } = rtt;

    public double Capacity { get; } = capacity;

    /// <summary>What wants to go over it at this moment.</summary>
    public double Asked { get; private set; }

    /// <summary>That, as a part of what it carries: what is over one does not get through.</summary>
    public double Load { get; set; }

    public void Begin() => Asked = 0;

    public void Ask(double rate) => Asked += rate;

    public void End(double step, double share)
    {
        Load = Asked / Capacity;
        _sent += Math.Min(Asked * share, Capacity) * step;
    }

    /// <summary>How long it has been over a load by now.</summary>
    public double Watch(double step, double over) => _overFor = Load > over + 1e-9 ? _overFor + step : 0;

    /// <summary>What was sent each second since the last question.</summary>
    public double TakeSent(double now)
    {
        var rate = now > _sentFrom ? _sent / (now - _sentFrom) : 0;
        (_sent, _sentFrom) = (0, now);
        return rate;
    }
}
