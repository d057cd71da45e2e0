using WeCan.Controller.Core;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Core;

/// <summary>The versions of the policy: which holds, which are kept, and that what is in memory is what is in the store.</summary>
public sealed class PolicyBookTests
{
    private readonly StepLog _log = new();
    private readonly ControllerState _state = new() { Network = Samples.Network };

    [Fact]
    public void Where_none_was_set_version_0_holds_and_it_is_always_there()
    {
        var book = new PolicyBook(_state, "{}", _log);
        Assert.Equal((0, "{}"), (book.Newest.Version, book.Newest.Text));
        Assert.Empty(book.Kept);
        book.Add(Samples.Start, "ann", "first", "{ }");
        Assert.Equal((1, "ann", "first", "{ }"), (book.Newest.Version, book.Newest.Who, book.Newest.Comment, book.Newest.Text));
        Assert.Equal("{}", book.Find(0)!.Text);
        Assert.Null(book.Find(2));
        Assert.Null(book.Find(-1));
    }

    [Theory]
    [InlineData(ControllerLimits.KeptPolicies + 50, 3, ControllerLimits.KeptPolicies)]
    [InlineData(60, ControllerLimits.KeptPolicyText / 20, 20)]
    [InlineData(5, ControllerLimits.KeptPolicyText + 1, 1)]
    public void The_oldest_are_forgotten_beyond_the_bounds_in_memory_and_in_the_store(int set, int letters, int kept)
    {
        var book = new PolicyBook(_state, "{}", _log);
        for (var i = 0; i < set; i++)
        {
            book.Add(Samples.Start, "ann", "", new string((char)('a' + (i % 26)), letters));
            if (i % 3 != 0)
                continue;
            _state.Apply(_log.Take());

            // Another controller goes on where this one was.
            book = new(_state, "{}", _log);
        }

        _state.Apply(_log.Take());
        Assert.Equal((set, kept), (book.Newest.Version, book.Kept.Count));
        Assert.Equal(Enumerable.Range(set - kept + 1, kept).Select(version => (long)version), book.Kept.Select(row => row.Version));
        Assert.Equal(book.Kept, _state.Policies);
        Assert.All(book.Kept, row => Assert.Equal((row, (char)('a' + ((row.Version - 1) % 26))), (book.Find(row.Version), row.Text[0])));
        Assert.Equal(kept == set, book.Find(1) is not null);
    }
}
