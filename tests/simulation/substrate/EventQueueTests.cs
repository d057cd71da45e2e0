namespace WeCan.Simulation.Tests.Substrate;

public sealed class EventQueueTests
{
    [Fact]
    public void ActionsComeByTimeThenAsScheduled()
    {
        var queue = new EventQueue();
        Assert.True(queue.Next.IsNever);
        var done = new List<int>();
        for (var i = 0; i < 300; i++)
        {
            var number = i;
            queue.Schedule(new(number % 3), () => done.Add(number));
        }

        while (!queue.Next.IsNever)
            queue.Take()();
        Assert.Equal(Enumerable.Range(0, 300).OrderBy(number => number % 3), done);
    }
}
