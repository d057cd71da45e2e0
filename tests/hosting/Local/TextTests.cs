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

    /// <summary>What does not fit stands under its row or its beginning, and nothing is lost.</summary>
    [Fact]
    public void A_terminal_is_not_left_to_break_lines()
    {
        var table = new TextTable().Right("number").Left("name").Right("links").Left("software").Left("addresses");
        table.Row("1", "relay-a", "12", "1.0", "192.0.2.1:4400 [2001:db8::1]:4400");
        table.Row("2", "edge-a", "-", "", "");
        table.Row("3", "edge-b", "-", "1.1", "198.51.100.7:4400");
        Assert.Equal(table.ToString(), table.ToString(67));
        Assert.Equal(
            "number  name     links  software\n     1  relay-a     12  1.0\n    addresses: 192.0.2.1:4400 [2001:db8::1]:4400\n     2  edge-a       -\n     3  edge-b       -  1.1\n    addresses: 198.51.100.7:4400",
            table.ToString(66));
        Assert.Equal(
            "number  name     links\n     1  relay-a     12\n    software: 1.0,\n    addresses:\n    192.0.2.1:4400\n    [2001:db8::1]:4400\n     2  edge-a       -\n     3  edge-b       -\n    software: 1.1,\n    addresses:\n    198.51.100.7:4400",
            table.ToString(24));

        var facts = new TextFacts();
        facts.Add("node", "one two three four five six");
        facts.Add("controller", "none");
        Assert.Equal("node        one two three four\n            five six\ncontroller  none", facts.ToString(33));
        Assert.Equal(facts.ToString(), facts.ToString(39));
    }

    [Theory]
    [InlineData("", 30, "")]
    [InlineData("a line that is short\n\nand another", 30, "a line that is short\n\nand another")]
    [InlineData("a line that is longer than thirty columns", 30, "a line that is longer than\n  thirty columns")]
    [InlineData("exactly thirty columns of text", 30, "exactly thirty columns of text")]
    [InlineData("awordthatisfarlongerthanthirtycolumns and more", 30, "awordthatisfarlongerthanthirtycolumns\n  and more")]
    [InlineData("    awordthatisfarlongerthanthirtycolumns", 30, "    awordthatisfarlongerthanthirtycolumns")]
    [InlineData("nothing is folded to what holds no words", 21, "nothing is folded to what holds no words")]
    public void A_line_is_folded_at_spaces(string text, int width, string folded) => Assert.Equal(folded, TextFold.Fold(text, width, 2));

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
