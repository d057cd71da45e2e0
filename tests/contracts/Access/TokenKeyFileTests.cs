using WeCan.Contracts.Access;

namespace WeCan.Contracts.Tests.Access;

public sealed class TokenKeyFileTests
{
    private const string X = "NIdSvbfBlqoXyCkGv2i4ctykHInF4P7XO0IZ5WJh85I";
    private const string Y = "05ce6miKFxQKBkNsJqiYDjtFws9zqmTyI88mDUUFgFI";

    [Fact]
    public void Keys_come_with_the_spaces_that_they_may_sign_for()
    {
        Assert.True(TokenKeyFile.TryRead($$"""{"keys":[{{Key("a")}},{{Key("b", ""","spaces":["shop","bank"]""")}}]}""", out var keys, out var problem), problem);
        Assert.Equal("a b", string.Join(" ", keys.Select(key => key.Id)));
        Assert.True(keys[0].MaySign("any"));
        Assert.True(keys[1].MaySign("bank"));
        Assert.False(keys[1].MaySign("any"));
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("[]", "list named \"keys\"")]
    [InlineData("""{"keys":{}}""", "list named \"keys\"")]
    [InlineData("""{"keys":[1]}""", "Key 1 of the key set needs a \"kid\"")]
    [InlineData("""{"keys":[{"kid":"a","kty":"RSA"}]}""", "Key \"a\" is not of kind EC on P-256")]
    [InlineData("""{"keys":[{"kid":"a","kty":"EC","crv":"P-256","x":"NIdS","y":"05ce"}]}""", "no point on P-256")]
    [InlineData("""{"keys":[{"kid":"a","kty":"EC","crv":"P-256","x":"NIdSvbfBlqoXyCkGv2i4ctykHInF4P7XO0IZ5WJh85I","y":"NIdSvbfBlqoXyCkGv2i4ctykHInF4P7XO0IZ5WJh85I"}]}""", "no point on P-256")]
    [InlineData("""{"keys":[{"kid":"a","kty":"EC","crv":"P-256","d":"secret"}]}""", "private half")]
    [InlineData("""{"keys":[{"kid":"a","kty":"EC","crv":"P-384","x":"NIdS","y":"05ce"}]}""", "Key \"a\" is not of kind EC on P-256")]
    [InlineData("""{"keys":[{"kid":"\ud800","kty":"EC"}]}""", "half a surrogate pair")]
    [InlineData("""{"keys":[{"kid":"a\"b","kty":"EC"}]}""", "Key 1 of the key set needs a \"kid\"")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nsecret", "This is a private key, in PEM")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nabc", "This is PEM")]
    public void What_is_wrong_is_said(string text, string sentence)
    {
        Assert.False(TokenKeyFile.TryRead(text, out _, out var problem));
        Assert.Contains(sentence, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void One_key_alone_is_a_set_too()
    {
        Assert.True(TokenKeyFile.TryRead(Key("a"), out var keys, out var problem), problem);
        Assert.Equal("a", Assert.Single(keys).Id);
        Assert.False(TokenKeyFile.TryRead(Key("a", ""","d":"secret" """), out keys, out problem));
        Assert.Empty(keys);
        Assert.Contains("Key \"a\" has its private half", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[7]")]
    [InlineData("\"shop\"")]
    [InlineData("[\"Shop\"]")]
    public void Spaces_are_names_of_spaces(string spaces)
    {
        Assert.False(TokenKeyFile.TryRead($$"""{"keys":[{{Key("a", $",\"spaces\":{spaces}")}}]}""", out _, out var problem));
        Assert.Contains("must be a list of spaces' names", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_keys_share_a_name()
    {
        Assert.False(TokenKeyFile.TryRead($$"""{"keys":[{{Key("a")}},{{Key("a")}}]}""", out _, out var problem));
        Assert.Contains("Two keys", problem, StringComparison.Ordinal);
    }

    private static string Key(string id, string more = "") => $$"""{"kty":"EC","crv":"P-256","kid":"{{id}}","x":"{{X}}","y":"{{Y}}"{{more}}}""";
}
