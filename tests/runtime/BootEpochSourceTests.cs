using WeCan.Contracts;

namespace WeCan.Runtime.Tests;

public sealed class BootEpochSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wecan-epoch").FullName;

    private string StateFile => Path.Combine(_folder, "epoch");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WithoutAFileItIsTheWallClock() =>
        Assert.Equal(new BootEpoch(1_800_000_000), BootEpochSource.Next(new FixedTime(1_800_000_000), stateFile: null));

    [Fact]
    public void ItGrowsInTheSameSecondAndWhenTheClockGoesBack()
    {
        Assert.Equal(new BootEpoch(1_800_000_000), BootEpochSource.Next(new FixedTime(1_800_000_000), StateFile));
        Assert.Equal(new BootEpoch(1_800_000_001), BootEpochSource.Next(new FixedTime(1_800_000_000), StateFile));
        Assert.Equal(new BootEpoch(1_800_000_002), BootEpochSource.Next(new FixedTime(5), StateFile));
        Assert.Equal(new BootEpoch(1_900_000_000), BootEpochSource.Next(new FixedTime(1_900_000_000), StateFile));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("an epoch\n")]
    public void AFileThatHoldsNoUsableEpochIsRefusedInOneSentence(string content)
    {
        File.WriteAllText(StateFile, content);
        var refusal = Assert.Throws<RuntimeStartException>(() => BootEpochSource.Next(new FixedTime(9), StateFile));
        Assert.Contains(StateFile, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("delete it", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(StateFile));
    }

    [Fact]
    public void AFolderThatIsNotThereIsRefusedInOneSentence()
    {
        var refusal = Assert.Throws<RuntimeStartException>(
            () => BootEpochSource.Next(new FixedTime(9), Path.Combine(_folder, "nowhere", "epoch")));
        Assert.Contains("there is no folder", refusal.Message, StringComparison.Ordinal);
    }

    private sealed class FixedTime(long seconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(seconds);
    }
}
