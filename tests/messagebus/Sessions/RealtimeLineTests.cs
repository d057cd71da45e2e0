using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Sessions;

namespace WeCan.MessageBus.Tests.Sessions;

/// <summary>Realtime frames on a connection that brings all in one order.</summary>
public sealed class RealtimeLineTests
{
    [Fact]
    public void Each_is_judged_when_it_could_go_and_what_waits_is_bounded()
    {
        var line = new RealtimeLine();
        Assert.True(line.TryAdd(MonoTime.FromMilliseconds(100), [1]));
        Assert.True(line.TryAdd(MonoTime.FromMilliseconds(300), [2]));
        Assert.True(line.TryTake(MonoTime.FromMilliseconds(200), out var frame));
        Assert.Equal(2, frame[0]);
        Assert.Equal(1, line.Late);
        Assert.False(line.TryTake(MonoTime.FromMilliseconds(200), out _));

        Assert.True(line.TryAdd(MonoTime.Never, new byte[SessionLimits.RealtimeInLine]));
        Assert.False(line.TryAdd(MonoTime.Never, [3]));
        Assert.True(line.TryTake(MonoTime.Zero, out _));
        Assert.True(line.TryAdd(MonoTime.Never, [4]));
        line.Clear();
        Assert.True(line.IsEmpty);
        Assert.True(line.TryAdd(MonoTime.Never, new byte[SessionLimits.RealtimeInLine]));
    }
}
