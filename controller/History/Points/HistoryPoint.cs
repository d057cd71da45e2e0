namespace WeCan.Controller.History.Points;

/// <summary>What is kept of one series over one stretch of time. Points are added exactly: see <see cref="Tally"/>.</summary>
internal sealed class HistoryPoint
{
    private readonly Tally[] _tallies;

    public HistoryPoint(SeriesKind kind)
    {
        Kind = kind;
        _tallies = [.. KindsOf(kind).Select(each => new Tally(each))];
    }

    public SeriesKind Kind { get; }

    public int Count => _tallies.Length;

    public Tally this[int which] => _tallies[which];

    public void Add(HistoryPoint other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < _tallies.Length; i++)
            _tallies[i].Add(other._tallies[i]);
    }

    public static bool IsKind(byte value) => value is (byte)SeriesKind.Link or (byte)SeriesKind.Traffic or (byte)SeriesKind.Quality;

    private static TallyKind[] KindsOf(SeriesKind kind) => kind switch
    {
        SeriesKind.Link => LinkTallies.Kinds,
        SeriesKind.Traffic => TrafficTallies.Kinds,
        _ => QualityTallies.Kinds,
    };
}
