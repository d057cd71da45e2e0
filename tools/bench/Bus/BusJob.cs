using System.Globalization;

namespace WeCan.Bench.Bus;

/// <summary>A case of bench bus.</summary>
internal sealed record BusJob(string Name, BusJobKind Kind, int Bytes, bool IsSealed)
{
    public static readonly BusJob[] All =
    [
        new("reliable_16", BusJobKind.Flood, 16, IsSealed: false),
        new("reliable_128", BusJobKind.Flood, 128, IsSealed: false),
        new("reliable_1024", BusJobKind.Flood, 1_024, IsSealed: true),
        new("request_128", BusJobKind.Request, 128, IsSealed: false),
        new("oneway_128_100k", BusJobKind.Pace, 128, IsSealed: false),
    ];

    /// <summary>Ours over theirs for rates, theirs over ours for times: above 1 we are better.</summary>
    public double Ratio(in BusFigures ours, in BusFigures theirs) => Kind switch
    {
        BusJobKind.Flood => ours.Rate / theirs.Rate,
        BusJobKind.Pace => theirs.High / ours.High,
        _ => theirs.Median / ours.Median,
    };

    /// <summary>The line that sets the publisher to work.</summary>
    public string Order(string subject) => string.Create(CultureInfo.InvariantCulture, $"{(Kind switch
    {
        BusJobKind.Flood => $"flood {subject} {Bytes}",
        BusJobKind.Pace => $"pace {subject} {Bytes} {BusLimits.PacedRate}",
        _ => $"ask {subject} {Bytes}",
    })}");
}
