using WeCan.Contracts.Control;

namespace WeCan.Contracts.Tests.Control;

public sealed class EnrolmentTokenTests
{
    [Fact]
    public void A_token_comes_back_from_its_line()
    {
        var token = Token();
        var line = token.Reveal();

        Assert.Equal(103, line.Length);
        Assert.True(EnrolmentToken.TryParse(line, out var parsed, out var problem));
        Assert.Null(problem);
        Assert.Equal(token, parsed);
        Assert.Equal((token.Id, token.Secret, token.Authority), (parsed.Id, parsed.Secret, parsed.Authority));
        Assert.DoesNotContain(line[40..60], token.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_read_as_people_paste_and_type_it()
    {
        var line = Token().Reveal();
        foreach (var typed in (string[])[$"  {line}\n", line.ToUpperInvariant(), $"\"{line}\"", line.Replace("0", "o", StringComparison.Ordinal)[..7] + line[7..].Replace('0', 'O').Replace('1', 'l')])
        {
            Assert.True(EnrolmentToken.TryParse(typed, out var parsed, out var problem), $"{typed}: {problem}");
            Assert.Equal(Token(), parsed);
        }
    }

    [Fact]
    public void What_is_wrong_with_it_is_told()
    {
        var line = Token().Reveal();
        Says(null, "No token was given");
        Says("   ", "No token was given");
        Says("hunter2", "This is no enrolment token");
        Says("wecan2." + line[7..], "newer kind");
        Says("wecan", "This is no enrolment token");
        Says(line[..^1], "was cut: it has 102 of 103");
        Says(line[..30], "was cut: it has 30 of 103");
        Says(line + line, "103 letters too many");
        Says(line[..20] + "!" + line[21..], "a letter at place 21");
        Says(line[..20] + "u" + line[21..], "a letter at place 21");
        Says(line[..20] + (line[20] == 'a' ? 'b' : 'a') + line[21..], "mistyped");
        Says(line[..^2] + line[^1] + line[^2], "mistyped");
    }

    private static void Says(string? text, string expected)
    {
        Assert.False(EnrolmentToken.TryParse(text, out var token, out var problem));
        Assert.Null(token);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    private static EnrolmentToken Token() =>
        new(0x0123_4567_89AB_CDEF, [.. Enumerable.Range(1, 16).Select(i => (byte)i)], Fingerprint.Of("authority"u8));
}
