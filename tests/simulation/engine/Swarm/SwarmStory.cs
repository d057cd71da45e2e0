using System.Globalization;
using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>The key events of a run in words, for who replays a seed; a run without a reader keeps none.</summary>
public sealed class SwarmStory
{
    private readonly List<(MonoTime At, string What)> _lines = [];
    private readonly List<string> _end = [];

    public void Tell(MonoTime at, string what) => _lines.Add((at, what));

    /// <summary>How things stood when the run was over, in no order of time.</summary>
    public void TellEnd(string what) => _end.Add(what);

    public IEnumerable<string> End() => _end;

    /// <summary>The last lines up to a time.</summary>
    public IEnumerable<string> Near(MonoTime at, int most) =>
        Ordered().Where(line => line.At <= at).TakeLast(most).Select(Format);

    public IEnumerable<string> All() => Ordered().Select(Format);

    private IEnumerable<(MonoTime At, string What)> Ordered() => _lines.OrderBy(line => line.At);

    private static string Format((MonoTime At, string What) line) =>
        string.Create(CultureInfo.InvariantCulture, $"{line.At.Nanoseconds / 1e9,10:F6} {line.What}");
}
