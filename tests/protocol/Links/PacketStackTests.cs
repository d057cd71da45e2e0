using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

public sealed class PacketStackTests
{
    [Fact]
    public void The_newest_goes_first_and_each_once_however_many_there_are()
    {
        var stack = new PacketStack();
        Assert.Null(stack.Pop());
        var packets = Enumerable.Range(0, 1_000).Select(size => new PacketBuffer(new byte[size])).ToArray();
        foreach (var packet in packets)
            stack.Push(packet);
        for (var i = packets.Length - 1; i >= 500; i--)
            Assert.Same(packets[i], stack.Pop());
        stack.Push(packets[999]);
        Assert.Same(packets[999], stack.Pop());
        for (var i = 499; i >= 0; i--)
            Assert.Same(packets[i], stack.Pop());
        Assert.Null(stack.Pop());
    }

    [Fact]
    public void A_hint_reads_nothing_not_even_of_what_is_not_there()
    {
        CacheLines.Fetch<object>(null, 8);
        CacheLines.Fetch(new object(), 8);
    }
}
