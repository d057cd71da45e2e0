using System.Text;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.MessageBus.Tests.Subjects;

public sealed class PatternRulesTests
{
    [Theory]
    [InlineData("s.a", "s.a", true)]
    [InlineData("s.*", "s.a", true)]
    [InlineData("s.*", "s.a.b", false)]
    [InlineData("s.>", "s.a.b", true)]
    [InlineData("s.>", "s", false)]
    [InlineData("s.*.>", "s.a", false)]
    [InlineData("s.*.b", "s.a.b", true)]
    [InlineData("s.a", "s.a.b", false)]
    [InlineData("s.a.b", "s.a", false)]
    [InlineData("s.ab", "s.a", false)]
    [InlineData("s.>", "s.$a", false)]
    [InlineData("s.*.b", "s.$a.b", false)]
    [InlineData("s.$a.*", "s.$a.b", true)]
    [InlineData("s.$a", "s.$b", false)]
    [InlineData("s.a.>", "s.a.$b", true)]
    public void Matches(string pattern, string subject, bool expected) => Assert.Equal(expected, PatternRules.Matches(Bytes(pattern), Bytes(subject)));

    [Theory]
    [InlineData("s.>", "s.*.>", true)]
    [InlineData("s.*.>", "s.>", false)]
    [InlineData("s.*", "s.*", true)]
    [InlineData("s.a", "s.*", false)]
    [InlineData("s.*.b", "s.a.b", true)]
    [InlineData("s.>", "s.>", true)]
    [InlineData("s.*", "s.>", false)]
    [InlineData("s.>", "s.$a.>", false)]
    [InlineData("s.$a.>", "s.$a.*", true)]
    public void Covers(string wide, string narrow, bool expected) => Assert.Equal(expected, PatternRules.Covers(Bytes(wide), Bytes(narrow)));

    [Fact]
    public void Overlap_is_where_a_subject_has_both()
    {
        var names = new Names(11);
        var subjects = Enumerable.Range(0, 4_000).Select(_ => names.Subject()).ToArray();
        for (var run = 0; run < 400; run++)
        {
            var one = names.Pattern();
            var other = names.Pattern();
            var both = subjects.Any(subject => PatternRules.Matches(one, subject) && PatternRules.Matches(other, subject));
            Assert.Equal(PatternRules.Overlap(one, other), PatternRules.Overlap(other, one));
            if (both)
                Assert.True(PatternRules.Overlap(one, other));
            if (PatternRules.Covers(one, other))
                Assert.All(subjects.Where(subject => PatternRules.Matches(other, subject)), subject => Assert.True(PatternRules.Matches(one, subject)));
        }
    }

    [Theory]
    [InlineData("s.a.*", "s.*.b", true)]
    [InlineData("s.a.>", "s.*.b", true)]
    [InlineData("s.a.>", "s.*", false)]
    [InlineData("s.a", "t.a", false)]
    [InlineData("s.>", "s.a.b.c", true)]
    public void Overlaps(string one, string other, bool expected) => Assert.Equal(expected, PatternRules.Overlap(Bytes(one), Bytes(other)));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
