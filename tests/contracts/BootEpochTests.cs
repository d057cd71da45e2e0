namespace WeCan.Contracts.Tests;

public sealed class BootEpochTests
{
    [Fact]
    public void A_later_life_is_greater_over_the_whole_range()
    {
        var (early, late) = (new BootEpoch(1), new BootEpoch(uint.MaxValue));
        Assert.True(BootEpoch.None < early && early < late && late > early && early <= late && late >= early);
        Assert.False(late < early || early > late || late <= early || early >= late);
        Assert.True(early.CompareTo(late) < 0);
    }
}
