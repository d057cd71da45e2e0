using WeCan.Contracts.Inspection;

namespace WeCan.Contracts.Tests.Inspection;

public sealed class ApiTokenTests
{
    [Fact]
    public void What_was_shown_is_read_again_and_its_name_tells_no_secret()
    {
        var token = ApiToken.Draw();
        var line = token.Reveal();
        Assert.True(ApiToken.TryParse($" {line}\n", out var read));
        Assert.Equal(token, read);
        Assert.NotEqual(token, ApiToken.Draw());
        Assert.Equal($"API token {ApiToken.IdText(token.Id)}", token.ToString());
        Assert.DoesNotContain(line[30..], $"{token} {token.Secret}", StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_was_cut_or_mistyped_is_none()
    {
        var line = ApiToken.Draw().Reveal();
        for (var i = 0; i < line.Length; i++)
        {
            Assert.False(ApiToken.TryParse(line.AsSpan(0, i), out _));
            Assert.False(ApiToken.TryParse($"{line[..i]}{(line[i] == 'q' ? 'r' : 'q')}{line[(i + 1)..]}", out _));
            Assert.False(ApiToken.TryParse($"{line[..i]}\0{line[(i + 1)..]}", out _));
        }

        Assert.False(ApiToken.TryParse(line + "0", out _));
        Assert.False(ApiToken.TryParse(new string('é', line.Length), out _));
    }
}
