using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Swarm;

/// <summary>What a plan draws from its seed's chance. No mathematics library is asked, so a seed is one plan on every machine.</summary>
internal sealed class Draws(ulong seed)
{
    private readonly WanRandom _random = new(seed);

    public bool Chance(double probability) => _random.Uniform() < probability;

    public double Uniform() => _random.Uniform();

    public double Between(double least, double most) => least + ((most - least) * _random.Uniform());

    /// <summary>Both bounds included.</summary>
    public int Between(int least, int most) => least + _random.Next(most - least + 1);

    /// <summary>As often between 1 and 2 as between 64 and 128: a doubling is drawn, then a place in it.</summary>
    public double Scaled(double least, double most)
    {
        var doublings = 0;
        for (var value = least; value < most; value *= 2)
            doublings++;
        if (doublings == 0)
            return least;
        var low = least * (1L << _random.Next(doublings));
        return Between(low, Math.Min(low * 2, most));
    }

    public Duration Milliseconds(double least, double most) => Duration.FromMicroseconds((long)(Between(least, most) * 1_000));

    public MonoTime Time(MonoTime least, MonoTime most) => least + new Duration((long)((most - least).Nanoseconds * _random.Uniform()));

    public T Pick<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];
}
