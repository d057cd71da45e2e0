using WeCan.MessageBus;

namespace WeCan.MessageBus.Tests.Client;

public sealed class PendingPublishesTests
{
    [Fact]
    public void Each_is_settled_once_as_its_publisher_wished()
    {
        var pending = new PendingPublishes();
        var settled = Enumerable.Range(0, 1_000).Select(_ => new TaskCompletionSource()).ToArray();
        for (var index = 0; index < settled.Length; index++)
            pending.Add((ulong)index + 1, bytes: index, settled[index], index % 2 == 0 ? Completion.Accepted : Completion.Confirmed);

        pending.Refuse(700, new("no", BusError.NotAllowed));
        pending.Refuse(5_000, new("no"));
        Assert.Equal(BusError.NotAllowed, Assert.IsType<BusException>(settled[699].Task.Exception!.InnerException).Error);
        pending.Accept(100);
        Assert.Equal(Enumerable.Range(0, 50).Select(index => index * 2), Done(settled));
        Assert.Equal(Enumerable.Range(0, 60).Sum(), pending.Confirm(60));
        pending.Accept(90);
        Assert.Equal([.. Enumerable.Range(0, 60), .. Enumerable.Range(30, 20).Select(index => index * 2)], Done(settled));
        Assert.Equal(0, pending.Confirm(60));
        Assert.Equal(Enumerable.Range(60, 940).Sum(), pending.Confirm(5_000));
        Assert.Equal(999, Done(settled).Count());

        // All are settled, and the next comes with whatever number it has.
        var last = new TaskCompletionSource();
        pending.Add(1_001, 7, last, Completion.Confirmed);
        pending.Fail(new("over"));
        Assert.True(last.Task.IsFaulted);
    }

    private static IEnumerable<int> Done(TaskCompletionSource[] settled) => Enumerable.Range(0, settled.Length).Where(index => settled[index].Task.IsCompletedSuccessfully);
}
