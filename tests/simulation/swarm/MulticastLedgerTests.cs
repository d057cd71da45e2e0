using WeCan.Contracts;
using WeCan.Simulation.Swarm;

namespace WeCan.Simulation.Tests.Swarm;

/// <summary>What the swarm's judge says of a flow to many from which a destination is taken out.</summary>
public sealed class MulticastLedgerTests
{
    private const int Place = 1;
    private const uint ToIt = 1u << Place;
    private const uint ToOther = 1u << 2;
    private const int Size = 40;

    private static readonly BootEpoch Life = new(1);

    private static readonly SwarmMulticast Flow = new()
    {
        Index = 0,
        From = 0,
        To = [Place, 2],
        Class = ServiceClass.Signal,
        Start = Duration.Zero,
        Interval = Duration.FromMilliseconds(1),
        MaxSize = Size,
        Volume = 10 * Size,
        Absence = 0,
    };

    private readonly MulticastLedger _ledger = new(new MulticastUse(0, Flow, Life));
    private ulong _count;

    [Fact]
    public void What_was_accepted_before_may_be_left_out_up_to_its_end()
    {
        Accept(ToIt, ToIt, ToIt);
        Assert.Null(Deliver(1));
        _ledger.TakeOut(Place);
        Accept(ToOther, ToIt, ToIt);
        Assert.Contains("3 came to n2 when 2 was due", Deliver(3), StringComparison.Ordinal);
        Assert.Contains("6 came to n2 when 2 was due", Deliver(6), StringComparison.Ordinal);
        Assert.Null(Deliver(5));
        Assert.Null(Deliver(6));
        Assert.Contains("2 came to n2", Deliver(2), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_accepted_before_may_come_as_far_as_it_comes()
    {
        Accept(ToIt, ToIt, ToIt);
        _ledger.TakeOut(Place);
        Accept(ToIt, ToIt);
        _ledger.TakeOut(Place);
        Accept(ToIt);
        Assert.Null(Deliver(1));
        Assert.Null(Deliver(2));
        Assert.Contains("5 came to n2 when 3 was due", Deliver(5), StringComparison.Ordinal);
        Assert.Null(Deliver(4));
        Assert.Null(Deliver(6));
    }

    [Fact]
    public void Confirmations_wait_for_what_came_after_and_for_nothing_before()
    {
        Accept(ToIt, ToIt);
        Assert.Contains("still had to get 1", _ledger.Confirm(2, place => place == Place), StringComparison.Ordinal);
        _ledger.TakeOut(Place);
        Assert.Null(_ledger.Confirm(2, place => place == Place));
        Accept(ToIt);
        Assert.Contains("still had to get 3", _ledger.Confirm(3, place => place == Place), StringComparison.Ordinal);
        Assert.Null(Deliver(3));
        Assert.Null(_ledger.Confirm(3, place => place == Place));
    }

    [Fact]
    public void Without_a_removal_nothing_may_be_left_out()
    {
        Accept(ToIt, ToIt, ToIt);
        Assert.Contains("2 came to n2 when 1 was due", Deliver(2), StringComparison.Ordinal);
    }

    private void Accept(params uint[] places)
    {
        foreach (var to in places)
            _ledger.Accept(Size, to);
    }

    private string? Deliver(ulong index)
    {
        var wrong = _ledger.Deliver(Place, Life, isSameLife: true, _count + 1, index, Size);
        _count += wrong is null ? 1u : 0;
        return wrong;
    }
}
