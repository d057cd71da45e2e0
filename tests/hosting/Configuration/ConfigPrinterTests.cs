using WeCan.Hosting.Configuration;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Configuration;

public sealed class ConfigPrinterTests : IDisposable
{
    private const string Written = """
        {
          "listen": "[::1]:7000",
          "token": "sesame",
          "controllers": ["a.example:1"],
          "tunnels": [{ "listen": "127.0.0.1:1", "to": 7 }, { "listen": "127.0.0.1:2", "to": 8 }]
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_value_has_its_origin_and_no_secret_is_shown()
    {
        var printed = Print(Written, out _);

        Assert.Contains("\"listen\": \"[::1]:7000\", // test.json:2", printed.Replace(_folder.Path + "/", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\"dev\": true, // WECAN_DEV", printed, StringComparison.Ordinal);
        Assert.Contains("\"drain_time\": \"10s\", // default", printed, StringComparison.Ordinal);
        Assert.Contains("// \"token\": (secret), from ", printed, StringComparison.Ordinal);
        Assert.Contains("// \"name\": not set", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_printed_can_be_used_as_a_file()
    {
        var printed = Print(Written, out var options);

        var again = Loader().Load(new ConfigInputs(_folder.Write("again.json", printed), FileMustExist: true)).Options;

        Assert.Equal(options with { Token = null, Controllers = [], Tunnels = [] }, again with { Controllers = [], Tunnels = [] });
        Assert.Equal(options.Controllers, again.Controllers);
        Assert.Equal(options.Tunnels, again.Tunnels);
    }

    [Fact]
    public void A_change_is_told_by_key_and_a_secret_without_its_value()
    {
        var before = Load(Written).Entries;
        var after = Load(Written.Replace("sesame", "thyme", StringComparison.Ordinal).Replace("\"to\": 8", "\"to\": 9", StringComparison.Ordinal).Replace("[::1]:7000", "[::1]:7001", StringComparison.Ordinal)).Entries;

        var changes = ConfigChanges.Between(before, after);

        Assert.Equal(["tunnels[1].to 8 -> 9"], changes.Applied);
        Assert.Equal(["listen [::1]:7000 -> [::1]:7001", "token is another"], changes.AwaitRestart);
        Assert.Equal("nothing has changed", ConfigChanges.Between(before, Load(Written).Entries).ToString());
    }

    [Fact]
    public void What_awaits_a_restart_is_told_at_every_reload()
    {
        var before = Load(Written).Entries;
        var after = Load(Written.Replace("[::1]:7000", "[::1]:7001", StringComparison.Ordinal)).Entries;

        var again = ConfigChanges.Between(ConfigChanges.Effective(before, after), after);

        Assert.Single(again.AwaitRestart);
    }

    private string Print(string file, out TestOptions options)
    {
        var loaded = Load(file);
        options = loaded.Options;
        return ConfigPrinter.Print(loaded.Entries);
    }

    private LoadedConfig<TestOptions> Load(string file) => Loader().Load(new ConfigInputs(_folder.Write("test.json", file), FileMustExist: true) { Variables = [new("WECAN_DEV", "true")] });

    private static ConfigLoader<TestOptions> Loader() => new("wecan-test", TestOptions.Read);
}
