using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus;
using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus;

/// <summary>What waits and what goes, beside a plain list that is searched through.</summary>
public sealed class WaitingQueueTests
{
    [Theory]
    [InlineData(OverloadPolicy.DropOldest)]
    [InlineData(OverloadPolicy.DropLowest)]
    [InlineData(OverloadPolicy.KeepLatest)]
    public void It_keeps_and_drops_what_a_plain_list_does(object policy)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var queue = new WaitingQueue((OverloadPolicy)policy, new(long.MaxValue));
            var plain = new List<WaitingMessage>();
            var (missed, expired) = (0ul, 0ul);
            for (var step = 0; step < 6_000; step++)
            {
                var now = MonoTime.FromSeconds(step);
                if (random.Next(20) == 0)
                {
                    expired += (ulong)plain.TakeWhile(message => message.Expires <= now).Count();
                    plain.RemoveRange(0, plain.TakeWhile(message => message.Expires <= now).Count());
                    var isThere = queue.TryTake(now, out var taken);
                    Assert.Equal(plain.FirstOrDefault()?.Number, isThere ? taken.Number : null);
                    if (isThere)
                        plain.RemoveAt(0);
                }
                else
                {
                    var message = Message(random, (ulong)step, now);
                    queue.Add(message);
                    missed += AddPlainly(plain, message, (OverloadPolicy)policy);
                }

                Assert.Equal((plain.Count, plain.Sum(message => (long)message.Bytes), missed, expired), (queue.Count, queue.Bytes, queue.Missed, queue.Expired));
            }

            Assert.True(missed > 0 && expired > 0);
            queue.Clear();
            Assert.Equal((0, 0L), (queue.Count, queue.Bytes));
        }
    }

    [Fact]
    public void Subscriptions_of_a_session_share_what_may_wait()
    {
        var budget = new WaitingBudget(16 << 20);
        var queues = Enumerable.Range(0, 1_000).Select(_ => new WaitingQueue(OverloadPolicy.DropOldest, budget)).ToArray();
        var random = new Random(1);
        for (var step = 0; step < 100_000; step++)
            queues[random.Next(queues.Length)].Add(Message(random, (ulong)step, MonoTime.FromSeconds(1)));
        Assert.InRange(queues.Sum(queue => queue.Bytes), (16 << 20) - 10_000L, 16 << 20);
        Assert.Equal(100_000ul, queues.Aggregate(0ul, (sum, queue) => sum + queue.Missed + (ulong)queue.Count));
        foreach (var queue in queues)
            queue.Clear();
        Assert.False(budget.IsSpent);
        queues[0].Add(Message(random, 1, MonoTime.FromSeconds(1)));
        Assert.Equal(1, queues[0].Count);
    }

    private static ulong AddPlainly(List<WaitingMessage> plain, WaitingMessage message, OverloadPolicy policy)
    {
        var dropped = 0ul;
        if (policy == OverloadPolicy.KeepLatest)
            dropped += (ulong)plain.RemoveAll(one => one.Subject.SequenceEqual(message.Subject));
        plain.Add(message);
        while (plain.Count > BusLimits.MaxWaiting || (plain.Count > 1 && plain.Sum(one => (long)one.Bytes) > BusLimits.MaxWaitingBytes))
        {
            plain.RemoveAt(policy == OverloadPolicy.DropLowest ? plain.IndexOf(plain.MinBy(one => one.Traits.Priority)!) : 0);
            dropped++;
        }

        return dropped;
    }

    private static WaitingMessage Message(Random random, ulong number, MonoTime now) => new()
    {
        Publisher = default,
        Number = number,
        Traits = new(Delivery.Reliable, (byte)random.Next(8)),
        Subject = Encoding.UTF8.GetBytes($"shop.{random.Next(300)}"),
        Payload = new byte[random.Next(500) == 0 ? 200_000 : random.Next(5_000)],
        Extras = [],
        Source = null,
        Expires = random.Next(3) == 0 ? now + Duration.FromSeconds(random.Next(1, 4_000)) : MonoTime.Never,
    };
}
