using System.Text.Json;
using Microsoft.Extensions.Logging;
using WeCan.Hosting.Configuration;
using WeCan.Hosting.Logging;

namespace WeCan.Hosting.Tests.Logging;

public sealed class LogWriterTests
{
    [Theory]
    [InlineData(LogLevel.Critical, "<2>")]
    [InlineData(LogLevel.Error, "<3>")]
    [InlineData(LogLevel.Warning, "<4>")]
    [InlineData(LogLevel.Information, "<6>")]
    [InlineData(LogLevel.Debug, "<7>")]
    public void The_journal_gets_a_priority_and_no_time(LogLevel level, string prefix) =>
        Assert.Equal($"{prefix}Links[1200]: a link is up", LogWriter.Write(LogFormat.Journal, Line("a link is up", level)));

    [Fact]
    public void Every_line_that_the_journal_gets_has_its_priority()
    {
        var lines = LogWriter.Write(LogFormat.Journal, Line("one\ntwo", LogLevel.Error, new InvalidOperationException("three"))).Split('\n');

        Assert.True(lines.Length >= 3);
        Assert.All(lines, line => Assert.StartsWith("<3>", line, StringComparison.Ordinal));
    }

    // What a peer sent must not steer a terminal, nor pretend to be a line of its own.
    [Theory]
    [InlineData(LogFormat.Plain)]
    [InlineData(LogFormat.Journal)]
    [InlineData(LogFormat.Json)]
    public void Control_characters_are_escaped(LogFormat format)
    {
        var written = LogWriter.Write(format, Line("name \u001b[2J\u0007 \u0085<0>forged", LogLevel.Information));

        Assert.DoesNotContain('\u001b', written);
        Assert.DoesNotContain('\u0007', written);
        Assert.DoesNotContain("\n<0>", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_line_with_fields_of_their_types()
    {
        KeyValuePair<string, object?>[] fields = [new("Peer", 17), new("Name", "fra-1"), new("Token", new Secret("sesame")), new("Rtt", 1.5), new("Up", true), new("{OriginalFormat}", "x")];

        var written = LogWriter.Write(LogFormat.Json, Line("a link\nis up", LogLevel.Information, new InvalidOperationException("why"), fields));

        Assert.DoesNotContain('\n', written);
        using var json = JsonDocument.Parse(written);
        var root = json.RootElement;
        Assert.Equal("2026-01-02T03:04:05.678Z", root.GetProperty("time").GetString());
        Assert.Equal("info", root.GetProperty("level").GetString());
        Assert.Equal(1200, root.GetProperty("event").GetInt32());
        Assert.Equal("WeCan.Relay.Links", root.GetProperty("source").GetString());
        Assert.Equal("a link\nis up", root.GetProperty("message").GetString());
        Assert.Equal("""{"Peer":17,"Name":"fra-1","Token":"(secret)","Rtt":1.5,"Up":true}""", root.GetProperty("fields").GetRawText());
        Assert.Contains("why", root.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_too_long_is_cut() =>
        Assert.True(LogWriter.Write(LogFormat.Plain, Line(new string('x', 1 << 20), LogLevel.Information)).Length <= HostingLimits.LogLineCharacters + 1);

    [Theory]
    [InlineData("8:1234", "socket:[1234]", true)]
    [InlineData("8:1234", "socket:[12345]", false)]
    [InlineData("8:1234", "/dev/pts/0", false)]
    [InlineData("8:1234", null, false)]
    [InlineData("nonsense", "socket:[1234]", false)]
    public void The_journal_is_known_by_its_inode(string stream, string? target, bool isJournal) =>
        Assert.Equal(isJournal, JournalStream.Is(new Dictionary<string, string>(StringComparer.Ordinal) { ["JOURNAL_STREAM"] = stream }, target));

    private static LogLine Line(string message, LogLevel level, Exception? failure = null, IReadOnlyList<KeyValuePair<string, object?>>? fields = null) => new()
    {
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Level = level,
        Event = new EventId(1200, "LinkUp"),
        Category = "WeCan.Relay.Links",
        Message = message,
        Fields = fields,
        Exception = failure,
    };
}
