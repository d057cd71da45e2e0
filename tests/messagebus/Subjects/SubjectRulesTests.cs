using System.Text;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.MessageBus.Tests.Subjects;

public sealed class SubjectRulesTests
{
    [Theory]
    [InlineData("shop.orders", nameof(SubjectFault.None), nameof(SubjectFault.None))]
    [InlineData("shop.$inbox.7", nameof(SubjectFault.None), nameof(SubjectFault.None))]
    [InlineData("shop.straße.命令", nameof(SubjectFault.None), nameof(SubjectFault.None))]
    [InlineData("a-b_9.x", nameof(SubjectFault.None), nameof(SubjectFault.None))]
    [InlineData("shop.1.2.3.4.5.6.7.8.9.10.11.12.13.14.15", nameof(SubjectFault.None), nameof(SubjectFault.None))]
    [InlineData("shop.1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16", nameof(SubjectFault.TooManyTokens), nameof(SubjectFault.TooManyTokens))]
    [InlineData("", nameof(SubjectFault.Empty), nameof(SubjectFault.Empty))]
    [InlineData("shop", nameof(SubjectFault.OnlySpace), nameof(SubjectFault.OnlySpace))]
    [InlineData("shop.", nameof(SubjectFault.EmptyToken), nameof(SubjectFault.EmptyToken))]
    [InlineData(".shop", nameof(SubjectFault.EmptyToken), nameof(SubjectFault.EmptyToken))]
    [InlineData("shop..orders", nameof(SubjectFault.EmptyToken), nameof(SubjectFault.EmptyToken))]
    [InlineData("Shop.orders", nameof(SubjectFault.BadSpace), nameof(SubjectFault.BadSpace))]
    [InlineData("*.orders", nameof(SubjectFault.BadSpace), nameof(SubjectFault.BadSpace))]
    [InlineData("shop.or ders", nameof(SubjectFault.BadCharacter), nameof(SubjectFault.BadCharacter))]
    [InlineData("shop.or\u0000ders", nameof(SubjectFault.BadCharacter), nameof(SubjectFault.BadCharacter))]
    [InlineData("shop.or\u007fders", nameof(SubjectFault.BadCharacter), nameof(SubjectFault.BadCharacter))]
    [InlineData("shop.or\u00a0ders", nameof(SubjectFault.BadCharacter), nameof(SubjectFault.BadCharacter))]
    [InlineData("shop.or\u0085ders", nameof(SubjectFault.BadCharacter), nameof(SubjectFault.BadCharacter))]
    [InlineData("shop.*", nameof(SubjectFault.Wildcard), nameof(SubjectFault.None))]
    [InlineData("shop.*.new", nameof(SubjectFault.Wildcard), nameof(SubjectFault.None))]
    [InlineData("shop.>", nameof(SubjectFault.Wildcard), nameof(SubjectFault.None))]
    [InlineData("shop.*.>", nameof(SubjectFault.Wildcard), nameof(SubjectFault.None))]
    [InlineData("shop.>.new", nameof(SubjectFault.Wildcard), nameof(SubjectFault.ArrowNotLast))]
    [InlineData("shop.or*", nameof(SubjectFault.Wildcard), nameof(SubjectFault.Wildcard))]
    [InlineData("shop.**", nameof(SubjectFault.Wildcard), nameof(SubjectFault.Wildcard))]
    public void A_name_is_what_it_may_be(string name, string asSubject, string asPattern)
    {
        Assert.Equal(asSubject, SubjectRules.CheckSubject(Encoding.UTF8.GetBytes(name)).ToString());
        Assert.Equal(asPattern, SubjectRules.CheckPattern(Encoding.UTF8.GetBytes(name)).ToString());
    }

    [Fact]
    public void Bounds_hold_to_the_byte()
    {
        Assert.Equal(SubjectFault.None, SubjectRules.CheckSubject(Encoding.UTF8.GetBytes($"s.{new string('x', 253)}")));
        Assert.Equal(SubjectFault.TooLong, SubjectRules.CheckSubject(Encoding.UTF8.GetBytes($"s.{new string('x', 254)}")));
        Assert.Equal(SubjectFault.None, SubjectRules.CheckSubject(Encoding.UTF8.GetBytes($"{new string('s', 63)}.x")));
        Assert.Equal(SubjectFault.BadSpace, SubjectRules.CheckSubject(Encoding.UTF8.GetBytes($"{new string('s', 64)}.x")));
        Assert.Equal(SubjectFault.BadCharacter, SubjectRules.CheckSubject([.. "shop."u8, 0xC3, 0x28]));
    }

    [Fact]
    public void Any_bytes_get_an_answer()
    {
        var random = new Random(20_261_122);
        Span<byte> letters = [.. "ab.*> $\u00e9\u0000"u8, 0xFF];
        Span<byte> name = stackalloc byte[300];
        for (var run = 0; run < 200_000; run++)
        {
            var length = random.Next(run % 100 == 0 ? name.Length : 24);
            for (var index = 0; index < length; index++)
                name[index] = letters[random.Next(letters.Length)];
            var asSubject = SubjectRules.CheckSubject(name[..length]);
            var asPattern = SubjectRules.CheckPattern(name[..length]);
            Assert.True(asSubject != SubjectFault.None || asPattern == SubjectFault.None);
        }
    }
}
