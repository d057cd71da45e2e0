using System.Globalization;
using Microsoft.AspNetCore.Http;
using WeCan.Controller.History;
using WeCan.Controller.History.Points;
using WeCan.Hosting.Configuration;

namespace WeCan.Controller.Inspection;

/// <summary>Of what time somebody asks, and how finely. In seconds since 1970; the times are whole steps.</summary>
/// <param name="Level">The level that answers: of those whose slots make up a step, the coarsest.</param>
/// <param name="Step">How much time one entry is about.</param>
/// <param name="Since">The first step's beginning.</param>
/// <param name="Until">The last one's end.</param>
internal sealed record HistoryQuestion(HistoryLevel Level, long Step, long Since, long Until)
{
    /// <summary>Unless asked otherwise, an answer has about as many entries as a screen has lines.</summary>
    private const long Screen = 60;

    private static readonly long[] Steps = [10, 60, 300, 900, 3_600, 6 * 3_600, 24 * 3_600];

    public static IReadOnlyList<ApiParameter> Parameters { get; } =
    [
        new("since", false, "From when on: a time (\"2026-01-31T12:00:00Z\") or how long ago (\"24h\"); an hour ago unless given."),
        new("until", false, "Until when; now unless given."),
        new("resolution", false, "How much time one entry is about (\"1m\"); as it fits unless given. 10s is kept for an hour, 1m for a day, 5m for a week, 1h for 30 days."),
    ];

    /// <summary>Null where it was read; else a sentence for who asks.</summary>
    public static string? TryRead(IQueryCollection query, long now, out HistoryQuestion? question)
    {
        question = null;
        if (!TryReadTime(query["since"].ToString(), now, now - 3_600, out var since))
            return $"\"{query["since"]}\" is no time to look from: write 2026-01-31T12:00:00Z, or how long ago, as 24h.";
        if (!TryReadTime(query["until"].ToString(), now, now, out var until))
            return $"\"{query["until"]}\" is no time to look to: write 2026-01-31T12:00:00Z, or how long ago, as 1h.";
        if (since >= until)
            return "The time asked for ends before it begins: let it begin before it ends.";
        since = Math.Clamp(since, Math.Max(0, now - HistoryLevel.Coarsest.Kept), now);
        until = Math.Clamp(until, since + 1, now + 1);
        var resolution = query["resolution"].ToString();
        if (resolution.Length == 0)
        {
            question = Fit(since, until, now);
            return null;
        }

        if (ValueKinds.Duration.TryParse(resolution, out var length) is not null || length.Ticks % TimeSpan.TicksPerSecond != 0 || LevelOf((long)length.TotalSeconds) is not { } level)
            return $"\"{resolution}\" is no resolution: write a multiple of 10s, as 1m.";
        var step = (long)length.TotalSeconds;
        if (step > HistoryLevel.Coarsest.Kept)
            return $"A resolution of {resolution} is longer than anything is kept: ask for {ValueKinds.Duration.Format(TimeSpan.FromSeconds(HistoryLevel.Coarsest.Kept))} at most.";
        if (now - since > level.Kept + level.File)
            return $"A resolution of {resolution} is kept for {ValueKinds.Duration.Format(TimeSpan.FromSeconds(level.Kept))}: ask for a coarser one, or for a later time.";
        if ((until - since) / step > HistoryLimits.PointsInAnswer)
            return $"That would be more than {HistoryLimits.PointsInAnswer} entries: ask for a coarser resolution, or for less time.";
        question = Rounded(level, step, since, until);
        return null;
    }

    /// <summary>Slots put together to steps.</summary>
    public SortedDictionary<long, HistoryPoint> InSteps(SortedDictionary<long, HistoryPoint> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        var steps = new SortedDictionary<long, HistoryPoint>();
        foreach (var (slot, point) in slots)
        {
            if (steps.TryGetValue(slot - (slot % Step), out var sum))
                sum.Add(point);
            else
                steps.Add(slot - (slot % Step), point);
        }

        return steps;
    }

    /// <summary>All points together; null where there are none.</summary>
    public static HistoryPoint? SumOf(IEnumerable<HistoryPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        HistoryPoint? sum = null;
        foreach (var point in points)
            (sum ??= new(point.Kind)).Add(point);
        return sum;
    }

    private static HistoryQuestion Fit(long since, long until, long now)
    {
        var step = Steps.First(step => step == Steps[^1] || ((until - since) / step <= Screen && now - since <= LevelOf(step)!.Kept));
        return Rounded(LevelOf(step)!, step, since, until);
    }

    private static HistoryQuestion Rounded(HistoryLevel level, long step, long since, long until) =>
        new(level, step, since - (since % step), until + ((step - (until % step)) % step));

    private static HistoryLevel? LevelOf(long step) => step <= 0 ? null : HistoryLevel.All.LastOrDefault(level => step % level.Slot == 0);

    private static bool TryReadTime(string text, long now, long otherwise, out long time)
    {
        time = otherwise;
        if (text.Length == 0)
            return true;
        if (ValueKinds.Duration.TryParse(text, out var ago) is null)
        {
            time = now - (long)ago.TotalSeconds;
            return time <= now;
        }

        var isRead = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment);
        time = Math.Max(0, moment.ToUnixTimeSeconds());
        return isRead;
    }
}
