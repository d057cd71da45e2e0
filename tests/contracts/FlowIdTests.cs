namespace WeCan.Contracts.Tests;

public sealed class FlowIdTests
{
    [Fact]
    public void The_same_number_of_another_life_or_origin_is_another_flow()
    {
        var flow = new FlowId(new(17), new(3), 5);
        Assert.Equal(flow, new(new(17), new(3), 5));
        Assert.NotEqual(flow, flow with { Epoch = new(4) });
        Assert.NotEqual(flow, flow with { Origin = new(18) });
    }

    [Fact]
    public void Ids_show_what_they_are()
    {
        Assert.Equal("n17/e3/f5", new FlowId(new(17), new(3), 5).ToString());
        Assert.Equal("l0000beef", new LinkId(0xbeef).ToString());
    }
}
