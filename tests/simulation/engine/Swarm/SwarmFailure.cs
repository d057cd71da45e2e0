using System.Globalization;
using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>The first promise that a run saw broken. <see cref="ToString"/> says all that anyone needs to see it again.</summary>
public sealed record SwarmFailure(ulong Seed, int Edition, MonoTime At, string What)
{
    /// <summary>The one command that replays it.</summary>
    public string Command => string.Create(CultureInfo.InvariantCulture, $"dotnet run -c Release --project tools/bench -- sim --seed {Seed}{(Edition == SwarmPlan.LatestEdition ? "" : $" --edition {Edition}")}");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seed {Seed} at {At}: {What}\n  replay: {Command}");
}
