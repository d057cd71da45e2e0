using WeCan.Contracts;
using WeCan.Protocol.Repair;

namespace WeCan.Protocol.Tests.Repair;

public sealed class RepairPlannerTests
{
    private static readonly RepairConditions Lossy = new(Duration.FromMilliseconds(90), Duration.FromMilliseconds(41), Duration.FromMilliseconds(2.5), Loss: 0.05, Burst: 1);
    private readonly RepairPlanner _planner = new();
    private readonly ulong[] _covered = new ulong[RepairLimits.MaxCovered];
    private MonoTime _now = MonoTime.FromSeconds(1);
    private ulong _packet = 1_000;

    [Fact]
    public void Where_another_round_fits_one_repair_goes_at_once_and_its_answer_is_awaited()
    {
        Add(7, usefulMilliseconds: 150);
        Assert.Equal([7ul], Send());
        Assert.Equal(_now + Lossy.Feedback, _planner.NextAt);
    }

    [Fact]
    public void In_the_last_round_as_many_go_as_loss_demands_spread_until_the_last_useful_moment()
    {
        Add(7, usefulMilliseconds: 60);
        var times = new List<double>();
        while (!_planner.NextAt.IsNever && _planner.NextAt <= MonoTime.FromSeconds(1) + Duration.FromMilliseconds(60))
        {
            _now = MonoTime.Max(_now, _planner.NextAt);
            Assert.Equal([7ul], Send());
            times.Add((_now - MonoTime.FromSeconds(1)).Milliseconds);
        }

        Assert.Equal([0, 20, 40], times);
    }

    [Fact]
    public void Losses_near_each_other_share_their_repairs()
    {
        Add(7, usefulMilliseconds: 60);
        Send();
        Add(9, usefulMilliseconds: 65);
        Assert.Equal([7ul, 9ul], Send());
        var more = 0;
        while (_planner.NextAt <= MonoTime.FromSeconds(1) + Duration.FromMilliseconds(60))
        {
            _now = _planner.NextAt;
            Send();
            more++;
        }

        Assert.InRange(more, 2, 3); // Alone each would have had two more.
    }

    [Fact]
    public void As_many_arrived_repairs_as_symbols_release_them_all()
    {
        Add(7, usefulMilliseconds: 60);
        Add(9, usefulMilliseconds: 60);
        Send();
        _now += Duration.FromMilliseconds(20);
        Send();
        _planner.OnSettled(_now, 1_000, arrived: true, Lossy);
        Assert.False(_planner.TryTakeReleased(out _, out _));
        _planner.OnSettled(_now, 1_001, arrived: true, Lossy);
        Assert.Equal([(7ul, false), (9ul, false)], Released());
        Assert.True(_planner.IsIdle);
        Assert.True(_planner.NextAt.IsNever);
    }

    [Fact]
    public void Two_repairs_that_say_the_same_do_not_give_two_symbols()
    {
        Add(7, usefulMilliseconds: 60);
        Add(9, usefulMilliseconds: 60);
        foreach (var row in new byte[] { 3, 3, 4 })
        {
            _planner.Plan(_now, Lossy, _covered);
            _planner.OnSent(_now, _packet++, row, onlySymbol: null, Lossy);
            _now = MonoTime.Max(_now, _planner.NextAt);
        }

        _planner.OnSettled(_now, 1_000, arrived: true, Lossy);
        _planner.OnSettled(_now, 1_001, arrived: true, Lossy);
        Assert.Empty(Released());
        _planner.OnSettled(_now, 1_002, arrived: true, Lossy);
        Assert.Equal([(7ul, false), (9ul, false)], Released());
    }

    [Fact]
    public void A_symbol_whose_repairs_are_all_lost_after_its_time_has_failed()
    {
        Add(7, usefulMilliseconds: 10);
        Send();
        _now += Duration.FromMilliseconds(100);
        _planner.OnSettled(_now, 1_000, arrived: false, Lossy);
        Assert.Equal([(7ul, true)], Released());
        Assert.True(_planner.IsIdle);
    }

    [Fact]
    public void A_lost_repair_in_time_is_followed_by_another_at_once()
    {
        Add(7, usefulMilliseconds: 150);
        Send();
        _now += Duration.FromMilliseconds(85);
        _planner.OnSettled(_now, 1_000, arrived: false, Lossy);
        Assert.Equal([7ul], Send());
    }

    [Fact]
    public void More_losses_than_there_are_slots_are_refused()
    {
        for (ulong symbol = 0; symbol < RepairLimits.MaxPending; symbol++)
            Assert.True(_planner.TryAdd(_now, symbol, _now + Duration.FromMilliseconds(60), Lossy));
        Assert.False(_planner.TryAdd(_now, 99, _now + Duration.FromMilliseconds(60), Lossy));
    }

    /// <summary>Whatever happens in whatever order: each symbol is released exactly once, or goes by itself, and nothing stays behind.</summary>
    [Fact]
    public void Every_symbol_ends_once_in_any_order_of_events()
    {
        for (var seed = 0; seed < 300; seed++)
            RunRandomly(new Random(seed));
    }

    private static void RunRandomly(Random random)
    {
        var planner = new RepairPlanner();
        var covered = new ulong[RepairLimits.MaxCovered];
        var now = MonoTime.FromSeconds(1);
        var held = new HashSet<ulong>();
        var underWay = new List<ulong>();
        ulong nextSymbol = 0, nextPacket = 0;
        for (var step = 0; step < 2_000 || held.Count + underWay.Count > 0; step++)
        {
            Assert.True(step < 20_000, "symbols stay for ever");
            now += Duration.FromMicroseconds(random.Next(4_000));
            switch (random.Next(4))
            {
                case 0 when step < 2_000 && planner.TryAdd(now, nextSymbol, now + Duration.FromMilliseconds(random.Next(200)), Lossy):
                    held.Add(nextSymbol++);
                    break;
                case 1 when held.Count > 0 && random.Next(10) == 0:
                    var gone = held.ElementAt(random.Next(held.Count));
                    planner.OnGone(gone);
                    held.Remove(gone);
                    break;
                case 2 when underWay.Count > 0:
                    var at = random.Next(underWay.Count);
                    planner.OnSettled(now, underWay[at], arrived: random.Next(3) > 0, Lossy);
                    underWay.RemoveAt(at);
                    break;
                default:
                    if (planner.NextAt > now || planner.Plan(now, Lossy, covered) is not (> 0 and var count))
                        break;
                    Assert.All(covered.Take(count), symbol => Assert.Contains(symbol, held));
                    planner.OnSent(now, nextPacket, row: (byte)nextPacket, onlySymbol: null, Lossy);
                    underWay.Add(nextPacket++);
                    break;
            }

            while (planner.TryTakeReleased(out var symbol, out _))
                Assert.True(held.Remove(symbol), $"symbol {symbol} was released twice");
        }

        Assert.True(planner.IsIdle);
    }

    private void Add(ulong symbol, int usefulMilliseconds) =>
        Assert.True(_planner.TryAdd(_now, symbol, _now + Duration.FromMilliseconds(usefulMilliseconds), Lossy));

    private ulong[] Send()
    {
        var count = _planner.Plan(_now, Lossy, _covered);
        Assert.True(count > 0, "no repair is due");
        _planner.OnSent(_now, _packet++, row: (byte)_packet, onlySymbol: null, Lossy);
        return _covered[..count];
    }

    private List<(ulong Symbol, bool Failed)> Released()
    {
        var all = new List<(ulong, bool)>();
        while (_planner.TryTakeReleased(out var symbol, out var failed))
            all.Add((symbol, failed));
        return all;
    }
}
