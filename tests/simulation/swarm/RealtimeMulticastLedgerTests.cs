using WeCan.Contracts;
using WeCan.Simulation.Swarm;

namespace WeCan.Simulation.Tests.Swarm;

/// <summary>What the swarm's judge says of each message of a Realtime flow to many.</summary>
public sealed class RealtimeMulticastLedgerTests
{
    private const int Size = 40;
    private const uint ToFirst = 1 << 1;
    private const uint ToSecond = 1 << 2;

    private static readonly Duration Deadline = Duration.FromMilliseconds(200);
    private static readonly Duration Allowance = Duration.FromMilliseconds(30);
    private static readonly MonoTime Sent = MonoTime.FromSeconds(5);

    private static readonly SwarmMulticast Flow = new()
    {
        Index = 0,
        From = 0,
        To = [1, 2],
        Class = ServiceClass.Realtime,
        Deadline = Deadline,
        Start = Duration.Zero,
        Interval = Duration.FromMilliseconds(1),
        MaxSize = Size,
        Volume = 3 * Size,
        Absence = 0,
    };

    private readonly RealtimeMulticastLedger _ledger = new(new MulticastUse(0, Flow, new(1)), Allowance);

    [Fact]
    public void A_message_may_come_until_its_deadline_and_what_clocks_err()
    {
        _ledger.Accept(Sent, Size, ToFirst | ToSecond);
        Assert.Null(_ledger.Deliver(Sent + Deadline + Allowance, place: 1, new(1), index: 1, Size));
        Assert.Contains("over its deadline", _ledger.Deliver(Sent + Deadline + Allowance + Duration.FromMicroseconds(1), place: 2, new(1), index: 1, Size), StringComparison.Ordinal);
    }

    [Fact]
    public void It_comes_once_in_each_life_as_it_was_to_whom_it_was_for()
    {
        _ledger.Accept(Sent, Size, ToFirst);
        Assert.Contains("was not for it", _ledger.Deliver(Sent, place: 2, new(1), index: 1, Size), StringComparison.Ordinal);
        Assert.Contains("only 1 were sent", _ledger.Deliver(Sent, place: 1, new(1), index: 2, Size), StringComparison.Ordinal);
        Assert.Contains("came with 41 bytes", _ledger.Deliver(Sent, place: 1, new(1), index: 1, Size + 1), StringComparison.Ordinal);
        Assert.Null(_ledger.Deliver(Sent, place: 1, new(1), index: 1, Size));
        Assert.Contains("came twice", _ledger.Deliver(Sent, place: 1, new(1), index: 1, Size), StringComparison.Ordinal);
        Assert.Null(_ledger.Deliver(Sent, place: 1, new(2), index: 1, Size));
    }

    [Fact]
    public void Who_joins_the_audience_may_get_what_had_not_gone_out_and_nothing_older()
    {
        _ledger.Accept(Sent, Size, ToFirst);
        _ledger.Accept(Sent + Deadline, Size, ToFirst);
        _ledger.Accept(Sent + Deadline + Duration.FromMilliseconds(1), Size, ToFirst | ToSecond);
        var now = Sent + Deadline + Duration.FromMilliseconds(2);
        Assert.Contains("was not for it", _ledger.Deliver(now, place: 2, new(1), index: 1, Size), StringComparison.Ordinal);
        Assert.Null(_ledger.Deliver(now, place: 2, new(1), index: 2, Size));
        Assert.Equal((1, 0), _ledger.Since(Sent + Deadline + Duration.FromMilliseconds(1), place: 2));
    }
}
