using WeCan.Hosting.Local;

namespace WeCan.Hosting.Tests.Local;

public sealed class TextTests
{
    [Fact]
    public void Columns_are_aligned_and_control_characters_are_not_shown()
    {
        var table = new TextTable().Left("name").Right("rtt").Left("last");
        table.Row("a", "1.0 ms", "");
        table.Row("a-longer-name", "100.0 ms", "x\u001b[2J");
        Assert.Equal("name                rtt  last\na                1.0 ms\na-longer-name  100.0 ms  x?[2J", table.ToString());
        Assert.Throws<ArgumentException>(() => table.Row("one"));
    }

    [Fact]
    public void Facts_stand_under_each_other()
    {
        var facts = new TextFacts();
        facts.Add("node", "1\u0007");
        facts.Add("controller", "none");
        Assert.Equal("node        1?\ncontroller  none", facts.ToString());
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_500, "1.5 kB")]
    [InlineData(99_949, "99.9 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1.0 MB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void Bytes_have_one_unit(long bytes, string text) => Assert.Equal(text, Quantities.Bytes(bytes));

    [Theory]
    [InlineData(-5, "now")]
    [InlineData(0.4, "now")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(7_200, "2h 0m")]
    [InlineData(200_000, "2d 7h")]
    public void Ages_have_one_or_two_units(double seconds, string text) => Assert.Equal(text, Quantities.Age(TimeSpan.FromSeconds(seconds)));
}
