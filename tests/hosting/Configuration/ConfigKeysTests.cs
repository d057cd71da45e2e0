using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Tests.Configuration;

public sealed class ConfigKeysTests
{
    [Fact]
    public void Every_key_is_known_without_a_file()
    {
        var keys = new ConfigLoader<TestOptions>("wecan-test", TestOptions.Read).Keys.Select(key => key.Path).ToList();

        Assert.Equal(["listen", "name", "drain_time", "buffer", "dev", "token_file", "token", "controllers", "tunnels[].listen", "tunnels[].to", "store.path", "store.pages"], keys);
    }

    [Fact]
    public void A_key_that_is_read_twice_or_cannot_be_a_flag_is_a_mistake_of_the_author()
    {
        Assert.Contains("the key a twice", Assert.Throws<InvalidOperationException>(() => new ConfigLoader<bool>("x", read => read.Value("a", ValueKinds.Flag, true, "") && read.Value("a", ValueKinds.Flag, true, ""))).Message, StringComparison.Ordinal);
        Assert.Contains("have the key drainTime", Assert.Throws<InvalidOperationException>(() => new ConfigLoader<bool>("x", read => read.Value("drainTime", ValueKinds.Flag, true, ""))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lisen", "listen")]
    [InlineData("lsiten", "listen")]
    [InlineData("LISTEN", "listen")]
    [InlineData("metrics", null)]
    [InlineData("x", null)]
    public void What_was_meant_is_found(string written, string? meant) => Assert.Equal(meant, Suggestion.For(written, ["listen", "drain_time"]));

    [Fact]
    public void A_secret_shows_itself_to_nobody()
    {
        var secret = new Secret("sesame");

        Assert.Equal("(secret)", $"{secret}");
        Assert.DoesNotContain("sesame", System.Text.Json.JsonSerializer.Serialize(secret), StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", new { secret }.ToString(), StringComparison.Ordinal);
        Assert.Equal(new Secret("sesame"), secret);
        Assert.NotEqual(new Secret("sesamE"), secret);
    }
}
