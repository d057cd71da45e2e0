using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using WeCan.Contracts.Inspection;
using WeCan.Controller.History;
using WeCan.Controller.History.Files;
using WeCan.Controller.History.Points;
using WeCan.Controller.Inspection;
using WeCan.Controller.Service;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Inspection;

/// <summary>docs/inspection.md, the past: of what time can be asked, how finely, and what is answered.</summary>
public sealed class HistoryQuestionTests : IDisposable
{
    private const long Now = 1_800_000_007;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "", "", 60, 3_600)]
    [InlineData("10m", "", "", 10, 600)]
    [InlineData("24h", "", "", 3_600, 86_400)]
    [InlineData("30d", "", "", 86_400, 30 * 86_400)]
    [InlineData("2h", "1h", "", 60, 3_600)]
    [InlineData("2027-01-15T06:00:00Z", "2027-01-15T07:00:00Z", "5m", 300, 3_600)]
    [InlineData("1d", "", "30s", 0, 0)]
    [InlineData("50m", "", "30s", 30, 3_000)]
    [InlineData("7d", "", "2h", 7_200, 7 * 86_400)]
    public void A_question_is_rounded_to_whole_steps_that_are_kept(string since, string until, string resolution, long step, long length)
    {
        var wrong = HistoryQuestion.TryRead(Query(since, until, resolution), Now, out var question);
        Assert.Equal(step == 0, wrong is not null);
        if (question is null)
            return;
        Assert.Equal((step, 0, 0), (question.Step, question.Since % step, question.Until % step));
        Assert.InRange(question.Until - question.Since, length, length + (2 * step));
        Assert.True(step % question.Level.Slot == 0);
    }

    [Theory]
    [InlineData("yesterday", "", "", "\"yesterday\" is no time to look from: write 2026-01-31T12:00:00Z, or how long ago, as 24h.")]
    [InlineData("", "soon", "", "\"soon\" is no time to look to: write 2026-01-31T12:00:00Z, or how long ago, as 1h.")]
    [InlineData("1h", "2h", "", "ends before it begins")]
    [InlineData("1h", "", "7s", "\"7s\" is no resolution")]
    [InlineData("1h", "", "-10s", "is no resolution")]
    [InlineData("1h", "", "500ms", "is no resolution")]
    [InlineData("3h", "", "10s", "A resolution of 10s is kept for 1h: ask for a coarser one")]
    [InlineData("6d", "", "5m", "more than 1500 entries")]
    [InlineData("1h", "", "4000000d", "A resolution of 4000000d is longer than anything is kept: ask for 30d at most.")]
    [InlineData("1h", "", "31d", "ask for 30d at most")]
    [InlineData("99999999999d", "", "", "is no time")]
    public void What_cannot_be_asked_is_told_in_a_sentence_that_is_true_of_a_flag_and_of_a_question_over_http(string since, string until, string resolution, string sentence)
    {
        var told = HistoryQuestion.TryRead(Query(since, until, resolution), Now, out _);
        Assert.Contains(sentence, told, StringComparison.Ordinal);
        Assert.DoesNotContain('=', told!);
    }

    [Theory]
    [InlineData("1h", "30d")]
    [InlineData("9999-12-31T23:59:58Z", "30d")]
    [InlineData("9999-12-31T23:59:58Z", "10s")]
    [InlineData("9999-12-31T23:59:58Z", "")]
    public void Nothing_is_asked_of_times_that_no_answer_can_name(string since, string resolution)
    {
        Assert.Null(HistoryQuestion.TryRead(Query(since, "9999-12-31T23:59:59Z", resolution), Now, out var question));
        Assert.InRange(question!.Since, Now - 3_600 - (30 * 86_400), Now);
        Assert.InRange(question.Until, Now, Now + (30 * 86_400));
    }

    /// <summary>As the controller stops, or its store fails: what everybody else who asks it hears.</summary>
    [Fact]
    public async Task A_loop_that_has_ended_is_told_as_everywhere_in_the_api()
    {
        using var store = new MemoryStore();
        store.Commit(new() { Network = Samples.Network });
        using var loop = ControllerLoop.Leading(store, new(), Samples.Office, TimeProvider.System, NullLogger.Instance);
        await loop.RunAsync(null, new(canceled: true));
        using var files = HistoryFiles.Open(new(_folder.File("history")), HistoryLimits.Bytes, sentence => Assert.Fail(sentence));
        foreach (var operation in new HistoryOperations(loop, new(files, new()), TimeProvider.System).All())
        {
            var answer = await operation.Answer(new DefaultHttpContext { Request = { QueryString = new("?from=1&to=2&node=1") } });
            Assert.Equal(StatusCodes.Status503ServiceUnavailable, answer!.Status);
            Assert.Contains("This controller has stopped", Encoding.UTF8.GetString(answer.Json.Span), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_link_is_told_step_by_step_and_together_and_nothing_of_what_is_not_known()
    {
        using var files = HistoryFiles.Open(new(_folder.File("history")), HistoryLimits.Bytes, sentence => Assert.Fail(sentence));
        var keeper = new HistoryKeeper(files, new(), why => Assert.Fail(why));
        var begin = Now - 7 - 600;
        for (var slot = begin; slot < begin + 300; slot += 10)
        {
            var point = new HistoryPoint(SeriesKind.Link);
            point[LinkTallies.Covered].Add(10_000);
            point[LinkTallies.Rtt].Add(slot < begin + 60 ? 80_000 : 20_000, 5_000);
            point[LinkTallies.Loss].Add(10_000, 5_000);
            point[LinkTallies.Used].Add(2_000, 5_000);
            keeper.Keep(new(slot, slot + 10, new Dictionary<SeriesKey, HistoryPoint> { [new(SeriesKind.Link, 1, 2)] = point }, []));
        }

        Assert.Null(HistoryQuestion.TryRead(Query("10m", "", "1m"), Now, out var question));
        var report = HistoryReports.Link(new(files, new()), question!, new(1, "relay-a"), new(2, ""));
        Assert.Equal((5, 60, "relay-a"), (report.Entries.Count, report.ResolutionSeconds, report.FromName));
        Assert.Equal([80.0, 20, 20, 20, 20], report.Entries.Select(entry => entry.RttMaxMs));
        var total = report.Total!;
        Assert.Equal((300.0, 0.5, 0.01, 2_000_000), (total.KnownSeconds, total.Up, total.Loss, total.Used));
        Assert.InRange(total.RttP50Ms, 20, 20.4);
        Assert.InRange(total.RttP95Ms, 78.7, 80);
        Assert.Null(HistoryReports.Link(new(files, new()), question!, new(2, ""), new(1, "")).Total);
    }

    private static QueryCollection Query(string since, string until, string resolution) => new(new Dictionary<string, StringValues>(StringComparer.Ordinal)
    {
        ["since"] = since,
        ["until"] = until,
        ["resolution"] = resolution,
    });
}
