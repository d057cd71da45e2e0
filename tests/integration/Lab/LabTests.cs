namespace WeCan.Integration.Tests.Lab;

[Collection(nameof(Alone))]
public sealed class LabTests
{
    /// <summary>A controller, four relays and three edges, real sockets, the links of a bad world.</summary>
    [Fact]
    public async Task TheOverlayKeepsItsPromisesOverBadLinks()
    {
        var result = await BuiltProgram.RunAsync("lab", "WeCan.Lab.dll", "--check");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("IMPAIRED ON PURPOSE", result.Output, StringComparison.Ordinal);
        Assert.Contains("check passed", result.Output, StringComparison.Ordinal);
    }

    /// <summary>Every link takes longer than the deadline: the check must say so, and still find every Signal message.</summary>
    [Fact]
    public async Task TheCheckFailsWhereTheNetworkCannotDoIt()
    {
        var result = await BuiltProgram.RunAsync("lab", "WeCan.Lab.dll", "--check", "--loss", "0", "--delay", "250", "--seconds", "1");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("Realtime madrid → osaka: 100 % of ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("messages did not arrive", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--los", "There is no option --los: write --loss, or --help for all options.")]
    [InlineData("--seconds=0", "--seconds 0 is no time to run: write whole seconds from 1 to 3600, like --seconds 15.")]
    public async Task AMistypedOptionIsOneSentence(string option, string sentence)
    {
        var result = await BuiltProgram.RunAsync("lab", "WeCan.Lab.dll", option);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(sentence, result.Errors.TrimEnd());
        Assert.Empty(result.Output);
    }
}
