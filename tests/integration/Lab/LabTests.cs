namespace WeCan.Integration.Tests.Lab;

public sealed class LabTests
{
    /// <summary>Three processes, real sockets, 5 % loss on every link each way.</summary>
    [Fact]
    public async Task TheOverlayKeepsItsPromisesOverBadLinks()
    {
        var result = await LabProgram.RunAsync("--check");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("IMPAIRED ON PURPOSE", result.Output, StringComparison.Ordinal);
        Assert.Contains("check passed", result.Output, StringComparison.Ordinal);
    }

    /// <summary>Both links together take longer than the deadline: the check must say so, and still find every Signal message.</summary>
    [Fact]
    public async Task TheCheckFailsWhereTheNetworkCannotDoIt()
    {
        var result = await LabProgram.RunAsync("--check", "--loss", "0", "--delay", "150", "--seconds", "1");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("Realtime a → b: 100 % of ", result.Output, StringComparison.Ordinal);
        Assert.Contains("Realtime b → a: 100 % of ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("messages did not arrive", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--los", "There is no option --los: write --loss, or --help for all options.")]
    [InlineData("--seconds=0", "--seconds 0 is no time to run: write whole seconds from 1 to 3600, like --seconds 15.")]
    public async Task AMistypedOptionIsOneSentence(string option, string sentence)
    {
        var result = await LabProgram.RunAsync(option);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(sentence, result.Errors.TrimEnd());
        Assert.Empty(result.Output);
    }
}
