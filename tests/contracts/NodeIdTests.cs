namespace WeCan.Contracts.Tests;

public sealed class NodeIdTests
{
    [Fact]
    public void Order_is_that_of_the_numbers()
    {
        var (low, high) = (new NodeId(7), new NodeId(40_000));
        Assert.True(low < high && high > low && low <= high && high >= low && low.CompareTo(high) < 0);
        Assert.False(high < low || low > high || high <= low || low >= high);
    }

    [Fact]
    public void Zero_is_no_node()
    {
        Assert.True(NodeId.None.IsNone);
        Assert.Equal(NodeId.None, default);
        Assert.False(new NodeId(ushort.MaxValue).IsNone);
    }
}
