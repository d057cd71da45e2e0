using WeCan.Contracts;
using WeCan.Protocol.Repair;

namespace WeCan.Protocol.Tests.Repair;

public sealed class RepairBudgetTests
{
    [Fact]
    public void Repair_takes_no_more_than_its_share_the_floor_and_one_burst()
    {
        var budget = default(RepairBudget);
        var now = MonoTime.FromSeconds(1);
        budget.Earn(now, 0);
        long data = 0, repair = 0;
        for (var i = 0; i < 10_000; i++)
        {
            now += Duration.FromMilliseconds(1);
            budget.Earn(now, 1_000);
            data += 1_000;
            for (var more = 0; more < 3 && budget.Allows; more++)
            {
                budget.Spend(now, 1_000);
                repair += 1_000;
            }
        }

        var most = (data * RepairLimits.BudgetShare) + RepairLimits.BudgetFloor.BytesIn(Duration.FromSeconds(10)) + RepairLimits.BudgetBurst + 1_000;
        Assert.InRange(repair, most * 0.95, most);
    }
}
