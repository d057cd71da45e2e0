using System.CommandLine;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Sample;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Daemon;

/// <summary>Commands that a daemon's program has beside running: what they get, what their help shows, and what is said of one that is written wrongly.</summary>
public sealed class DaemonCommandTests
{
    [Fact]
    public async Task A_command_beside_the_daemon_has_its_configuration()
    {
        await using var daemon = Run("show", new(new("show", "Shows the greeting."), async (options, parse, _) =>
        {
            await parse.InvocationConfiguration.Output.WriteAsync(options.Greeting);
            return ExitCodes.Ok;
        }));

        Assert.Equal(ExitCodes.Ok, await daemon.Ended());
        Assert.Equal("good day", daemon.Output);
    }

    [Theory]
    [InlineData("greet", 64, "wecan-echo: greet does nothing by itself: write \"greet now\" or \"greet later\".")]
    [InlineData("greet now", 64, "wecan-echo: greet now needs WHOM and --how warmly|coldly: \"wecan-echo greet now --help\" tells more.")]
    [InlineData("greet now you", 64, "wecan-echo: greet now needs --how warmly|coldly: \"wecan-echo greet now --help\" tells more.")]
    [InlineData("greet now you --how loudly", 64, "wecan-echo: --how is \"loudly\": write warmly or coldly.")]
    [InlineData("greet now you --how warmly --times often", 64, "wecan-echo: --times is \"often\", which is no whole number: write digits only, as in --times 16.")]
    [InlineData("greet now you --how warmly", 3, "")]
    public async Task A_command_that_is_written_wrongly_is_one_sentence(string line, int code, string sentence)
    {
        await using var daemon = Run(line, Greet());

        Assert.Equal(code, await daemon.Ended());
        Assert.Equal(sentence, daemon.Error.TrimEnd());
    }

    [Fact]
    public async Task The_help_of_a_command_is_about_it()
    {
        await using var daemon = Run("greet now --help", Greet());

        Assert.Equal(ExitCodes.Ok, await daemon.Ended());
        Assert.Contains("--times <N>", daemon.Output, StringComparison.Ordinal);
        Assert.Contains("see \"wecan-echo --help\"", daemon.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--metrics.listen", daemon.Output, StringComparison.Ordinal);
    }

    private static DaemonCommand<EchoOptions> Greet()
    {
        var how = new Option<string>("--how") { Required = true, HelpName = "warmly|coldly" };
        how.AcceptOnlyFromAmong("warmly", "coldly");
        var times = new Option<int>("--times") { HelpName = "N" };
        return DaemonCommand<EchoOptions>.Group(
            new("greet", "Greets."),
            new(new("now", "At once.") { new Argument<string>("WHOM"), how, times }, (_, _, _) => Task.FromResult(3)),
            new(new("later", "Not yet."), (_, _, _) => Task.FromResult(4)));
    }

    private static TestDaemon Run(string line, DaemonCommand<EchoOptions> command) => TestDaemon.Run(
        [.. line.Split(' '), "--listen", "127.0.0.1:0", "--greeting", "good day"],
        new DaemonDefinition<EchoOptions>
        {
            Name = "wecan-echo",
            About = "Echoes.",
            Options = EchoOptions.Read,
            Start = (_, _) => Task.CompletedTask,
            MetricsPort = 0,
            Commands = [command],
        });
}
