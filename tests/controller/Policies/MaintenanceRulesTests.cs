using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Policies;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Tests.Policies;

/// <summary>Maintenance as rules of a policy: begun it holds whatever stood before, ended nothing of it is left, and what others wrote stays.</summary>
public sealed class MaintenanceRulesTests
{
    private static readonly Member[] Members = [Member(1, "relay-a", "eu"), Member(2, "relay-b", "eu"), Member(3, "", "us"), Member(4, "twin", "us"), Member(5, "twin", "us")];

    [Theory]
    [InlineData("node", "relay-a", "node relay-a")]
    [InlineData("node", "1", "node relay-a")]
    [InlineData("node", "3", "node 3")]
    [InlineData("node", "twin", "node 4")]
    [InlineData("link", "2/1", "link relay-b/relay-a")]
    [InlineData("region", "us", "region us")]
    public void What_begins_is_on_and_what_ends_leaves_the_document_as_it_was(string what, string name, string written)
    {
        Assert.True(MaintenanceTarget.TryRead(what, name, Members, out var target, out _));
        Assert.Equal(written, target.ToString());
        foreach (var text in (string[])["{}", """{"nodes":[{"region":"us","capacity":"1Gbit/s"},{"maintenance":false}],"links":[{"both":true,"maintenance":false},{"from":{"node":"relay-b"},"price":2}]}"""])
        {
            var before = Read(text);
            Assert.False(MaintenanceRules.IsOn(before, target, Members));
            Assert.Null(MaintenanceRules.End(before, target, Members));
            var during = Read(MaintenanceRules.Begin(before, target, null, Members).ToText());
            Assert.True(MaintenanceRules.IsOn(during, target, Members));
            Assert.Equal((what, written[(what.Length + 1)..]), MaintenanceRules.List(during, Members).Select(entry => (entry.What, entry.Name)).Single());
            Assert.Equal(before.ToText(), MaintenanceRules.End(during, target, Members)!.ToText());
        }
    }

    [Fact]
    public void A_rule_that_says_more_keeps_the_rest_and_one_that_means_more_is_left()
    {
        Assert.True(MaintenanceTarget.TryRead("node", "1", Members, out var node, out _));
        var document = Read("""{"nodes":[{"node":"1","capacity":"1Gbit/s","maintenance":true},{"region":"eu","maintenance":true}]}""");
        var ended = MaintenanceRules.End(document, node, Members)!;
        Assert.Equal((1_000_000_000, null), (ended.Nodes[0].Capacity!.Value.BitsPerSecond, ended.Nodes[0].Maintenance));
        Assert.True(MaintenanceRules.IsOn(ended, node, Members));
        Assert.Null(MaintenanceRules.End(ended, node, Members));
    }

    [Fact]
    public void What_has_an_end_gets_another_when_it_begins_again_and_not_a_second_rule()
    {
        Assert.True(MaintenanceTarget.TryRead("link", "1/2", Members, out var link, out _));
        var first = MaintenanceRules.Begin(PolicyDocument.Default, link, Samples.Start, Members);
        Assert.Equal(("link", "relay-a/relay-b", 2, Samples.Start), MaintenanceRules.List(Read(first.ToText()), Members).Single());
        var (later, open) = (MaintenanceRules.Begin(first, link, Samples.Start + Duration.FromSeconds(60), Members), MaintenanceRules.Begin(first, link, null, Members));
        Assert.Equal([Samples.Start + Duration.FromSeconds(60), null], later.Links.Concat(open.Links).Select(rule => rule.Until));
        Assert.Equal("{}", MaintenanceRules.End(later, link, Members)!.ToText().Trim());
        Assert.True(MaintenanceTarget.TryRead("link", "2/1", Members, out var back, out _));
        Assert.Null(MaintenanceRules.Begin(first, back, null, Members).Links.Single().Until);
    }

    [Fact]
    public void What_is_over_goes_at_its_second_and_what_else_the_rule_says_stays()
    {
        var start = Samples.Start;
        var document = Read($$"""{"nodes":[{"node":"1","maintenance":true,"until":"{{start}}","capacity":"1Gbit/s"},{"region":"us","maintenance":true,"until":"{{start + Duration.FromSeconds(1)}}"},{"node":"2","maintenance":true}],"links":[{"from":{"node":"1"},"maintenance":true,"until":"{{start}}"}]}""");
        Assert.Equal(start, MaintenanceRules.NextEnd(document));
        Assert.Null(MaintenanceRules.Expire(document, start + Duration.FromSeconds(-1)));
        var (one, over) = MaintenanceRules.Expire(document, start)!.Value;
        Assert.Equal(["node 1", "links from node 1 to all"], over, StringComparer.Ordinal);
        Assert.Equal((0, 3, 1_000_000_000, null), (one.Links.Count, one.Nodes.Count, one.Nodes[0].Capacity!.Value.BitsPerSecond, one.Nodes[0].Maintenance));
        Assert.Equal(start + Duration.FromSeconds(1), MaintenanceRules.NextEnd(one));
        var (rest, last) = MaintenanceRules.Expire(one, start + Duration.FromSeconds(3_600))!.Value;
        Assert.Equal(["region us"], last, StringComparer.Ordinal);
        Assert.Equal(["1", "2"], rest.Nodes.Select(rule => rule.Who.Node), StringComparer.Ordinal);
        Assert.Null(MaintenanceRules.NextEnd(rest));
        Assert.Null(MaintenanceRules.Expire(rest, start + Duration.FromSeconds(3_600)));
    }

    [Fact]
    public void Rules_of_more_words_are_listed_as_they_are_meant()
    {
        var document = Read("""{"nodes":[{"maintenance":true},{"region":"eu","site":"fra","maintenance":true}],"links":[{"from":{"region":"eu"},"to":{"region":"us"},"maintenance":true}]}""");
        Assert.Equal(
            [("nodes", "all", 5, null), ("nodes", "region eu site fra", 0, null), ("links", "from region eu to region us", 5, (UnixTime?)null)],
            MaintenanceRules.List(document, Members));
    }

    [Theory]
    [InlineData("node", "relay-z", "There is no such node \"relay-z\"")]
    [InlineData("node", "", "There is no such node \"\"")]
    [InlineData("link", "relay-a/relay-a", "is no link")]
    [InlineData("link", "relay-a/1", "There is no such link")]
    [InlineData("link", "relay-a/relay-b/3", "is no link")]
    [InlineData("region", "", "No node is of the region \"\"")]
    [InlineData("site", "fra", "No node is of the site \"fra\"")]
    [InlineData("", "x", "\"\" cannot be in maintenance")]
    public void What_is_not_there_is_told(string what, string name, string problem)
    {
        Assert.False(MaintenanceTarget.TryRead(what, name, Members, out _, out var told));
        Assert.Contains(problem, told, StringComparison.Ordinal);
    }

    private static PolicyDocument Read(string text)
    {
        Assert.True(PolicyDocument.TryRead(text, out var document, out var problems), string.Join('\n', problems));
        return document;
    }

    private static Member Member(ushort number, string name, string region) => new()
    {
        Number = new(number),
        Role = NodeRole.Relay,
        Key = Samples.OverlayKey(number),
        Name = name,
        Region = region,
        Expires = Samples.Start,
    };
}
