namespace WeCan.Controller.History;

/// <summary>One resolution of the history: how long a slot is, how long it is kept, and how much time one file holds. In seconds.</summary>
/// <param name="Index">Its place, the finest first.</param>
/// <param name="Name">How people and files call it.</param>
/// <param name="Slot">What one point is about.</param>
/// <param name="Kept">Slots are kept at least so long.</param>
/// <param name="File">Files are dropped whole, so that so much more may be there.</param>
internal sealed record HistoryLevel(int Index, string Name, long Slot, long Kept, long File)
{
    private const long Minute = 60;
    private const long Hour = 3_600;
    private const long Day = 24 * Hour;

    /// <summary>
    /// An hour to see what happens, a day to see what happened, a week with the five minutes by which bandwidth is paid for, and a month. Each
    /// is made of the one before it.
    /// </summary>
    public static IReadOnlyList<HistoryLevel> All { get; } =
    [
        new(0, "10s", 10, Hour, 10 * Minute),
        new(1, "1m", Minute, Day, 2 * Hour),
        new(Billing, "5m", 5 * Minute, 7 * Day, Day / 2),
        new(3, "1h", Hour, 30 * Day, 2 * Day),
    ];

    /// <summary>The level at which rates to be paid for come about.</summary>
    public const int Billing = 2;

    public static HistoryLevel Finest => All[0];

    public static HistoryLevel Coarsest => All[^1];

    public long SlotOf(long time) => time - Math.Abs(time % Slot);

    public long FileOf(long slot) => slot - Math.Abs(slot % File);
}
