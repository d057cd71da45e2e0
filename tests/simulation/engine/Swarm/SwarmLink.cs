using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>Two nodes that are adjacent: who of them begins handshakes, and the largest delays that the plan ever gives to the way between them.</summary>
/// <param name="FirstDials">The first knows the second's address.</param>
/// <param name="SecondDials">The second knows the first's.</param>
/// <param name="Forth">From first to second, as slow as it gets but for queues.</param>
/// <param name="Back">From second to first.</param>
/// <param name="RateMbps">Of the slower direction, at its lowest.</param>
public sealed record SwarmLink(int First, int Second, bool FirstDials, bool SecondDials, Duration Forth, Duration Back, double RateMbps)
{
    public bool Joins(int a, int b) => (First, Second) == (a, b) || (First, Second) == (b, a);

    /// <summary>The delay from one end to the other.</summary>
    public Duration DelayFrom(int from) => from == First ? Forth : Back;

    public override string ToString() =>
        $"link n{First + 1} n{Second + 1}, called by {(FirstDials ? SecondDials ? "both" : $"n{First + 1}" : $"n{Second + 1}")}";
}
