using WeCan.Contracts;
using WeCan.Edge.Tunnels.Commands;

namespace WeCan.Edge.Tests.Tunnels.Commands;

/// <summary>docs/tunnels.md, by command: what can be asked for, and what is said of the rest.</summary>
public sealed class TunnelOrderTests
{
    private static readonly TunnelOrder Tcp = new() { Listen = "tcp://127.0.0.1:5432", Target = "db.example:5432", Exit = "edge-b" };
    private static readonly TunnelOrder Udp = new() { Listen = "udp://[::1]:5000", Target = "10.0.0.5:5000", Exit = "7" };

    [Fact]
    public void What_is_left_out_is_as_in_the_configuration_and_all_comes_back_from_the_disk()
    {
        Assert.Null(Tcp.TryRead(out var tcp));
        Assert.Equal((ServiceClass.Bulk, (byte)3), (tcp.Class, tcp.Priority));
        Assert.Null(Udp.TryRead(out var udp));
        Assert.Equal((Duration.FromMilliseconds(200), 1), (udp.Deadline, udp.Paths));

        foreach (var order in (TunnelOrder[])[Tcp, Udp, Tcp with { Class = "signal", Priority = "7" }, Udp with { Deadline = "1s", Paths = "2", Priority = "0" }])
        {
            Assert.Null(order.TryRead(out var tunnel));
            Assert.Null(TunnelOrder.Of(tunnel).TryRead(out var again));
            Assert.Equal(tunnel, again);
        }
    }

    [Theory]
    [InlineData("127.0.0.1:5432", "a:1", "b", null, null, null, null, "\"127.0.0.1:5432\" is no place to listen")]
    [InlineData("tcp://localhost:5432", "a:1", "b", null, null, null, null, "is no place to listen")]
    [InlineData("tcp://127.0.0.1:0", "a:1", "b", null, null, null, null, "has no port")]
    [InlineData("tcp://127.0.0.1:1", "a", "b", null, null, null, null, "\"a\" is no target")]
    [InlineData("tcp://127.0.0.1:1", "a:1", "*", null, null, null, null, "\"*\" is no exit")]
    [InlineData("tcp://127.0.0.1:1", "a:1", "", null, null, null, null, "is no exit")]
    [InlineData("tcp://127.0.0.1:1", "a:1", "b", "fast", null, null, null, "\"fast\" is no class: write \"bulk\" or \"signal\"")]
    [InlineData("tcp://127.0.0.1:1", "a:1", "b", null, "8", null, null, "\"8\" is no priority")]
    [InlineData("tcp://127.0.0.1:1", "a:1", "b", null, null, "1s", null, "are for UDP")]
    [InlineData("udp://127.0.0.1:1", "a:1", "b", "bulk", null, null, null, "is for TCP")]
    [InlineData("udp://127.0.0.1:1", "a:1", "b", null, null, "100", null, "\"100\" is no deadline: a duration needs a unit")]
    [InlineData("udp://127.0.0.1:1", "a:1", "b", null, null, "11s", null, "is no deadline")]
    [InlineData("udp://127.0.0.1:1", "a:1", "b", null, null, null, "3", "\"3\" is no number of paths")]
    public void What_is_wrong_is_told_in_a_sentence(string listen, string target, string exit, string? serviceClass, string? priority, string? deadline, string? paths, string sentence)
    {
        var order = new TunnelOrder { Listen = listen, Target = target, Exit = exit, Class = serviceClass, Priority = priority, Deadline = deadline, Paths = paths };
        var wrong = order.TryRead(out _);
        Assert.Contains(sentence, wrong, StringComparison.Ordinal);
        Assert.EndsWith(".", wrong, StringComparison.Ordinal);
    }
}
