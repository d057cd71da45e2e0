using System.Diagnostics;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Tests.Routing.Policy;

/// <summary>docs/policy.md, "Where traffic may pass" and "Links": what a policy comes to for members, against a plain reading of its rules.</summary>
public sealed class PolicyTermsTests
{
    private const string Operators = "ab";

    [Fact]
    public void Who_may_pass_is_as_the_rules_say_for_every_class_and_pair_of_regions()
    {
        var (many, restricted) = (0, 0);
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var document = Restricting(random);
            if (!PolicyDocument.TryRead(document.ToText(), out _, out var problems))
            {
                Assert.All(problems, problem => Assert.Contains("different ways", problem, StringComparison.Ordinal));
                continue;
            }

            var members = Members([.. Enumerable.Range(0, 70).Select(at => (at < 64 ? $"r{at}" : random.Next(2) == 0 ? "" : "elsewhere", "", $"{Operators[random.Next(2)]}"))]);
            int[] places = [.. Enumerable.Range(0, members.Length).Where(_ => random.Next(8) > 0)];
            var restrictions = new PolicyTerms(document, members).RestrictionsOf(places);
            many += PolicyScopes.Named(document).Count() > 32 ? 1 : 0;
            for (var pair = 0; pair < 400; pair++)
            {
                var (from, to, service) = (random.Next(places.Length), random.Next(places.Length), (RouteClass)random.Next(Topology.Classes));
                var scope = restrictions.ScopeOf(service, from, to);
                for (var node = 0; node < places.Length; node++)
                {
                    var may = MayPass(document, members[places[node]], service, members[places[from]].Region, members[places[to]].Region);
                    Assert.Equal(may, restrictions.Allows(service, scope, node));
                    restricted += may ? 0 : 1;
                }
            }
        }

        Assert.True(many > 5 && restricted > 10_000, $"Only {many} of these policies tell many regions apart, and they forbid {restricted} times.");
    }

    /// <summary>A hundred prices by where links begin, a hundred capacities by where they end, and ten amounts that are paid.</summary>
    [Fact]
    public void Links_may_be_of_more_kinds_than_two_bytes_tell_apart()
    {
        var members = Members([.. Enumerable.Range(0, 1_000).Select(at => ("", $"s{at % 100}", $"o{at / 100}"))]);
        var document = PolicyDocument.Default with
        {
            Links =
            [
                .. Enumerable.Range(0, 100).Select(at => new LinkRule { From = new() { Site = $"s{at}" }, Price = at + 1 }),
                .. Enumerable.Range(0, 100).Select(at => new LinkRule { To = new() { Site = $"s{at}" }, Capacity = Bandwidth.FromMegabitsPerSecond(at + 1) }),
                .. Enumerable.Range(0, 10).Select(at => new LinkRule { From = new() { Operator = $"o{at}" }, Paid = Bandwidth.FromMegabitsPerSecond(at + 1) }),
            ],
        };
        var terms = new PolicyTerms(document, members);
        for (var from = 0; from < members.Length; from++)
        {
            for (var to = 0; to < members.Length; to++)
            {
                var of = terms.OfLink(from, to);
                if ((of.Price, of.Capacity, of.Paid) != ((from % 100) + 1, ((to % 100) + 1) * 1_000, ((from / 100) + 1) * 1_000))
                    Assert.Fail($"From {from} to {to} it says {of}.");
            }
        }
    }

    /// <summary>Of each thing that rules say, what the last of those that fit says, whichever they fit and how.</summary>
    [Fact]
    public void What_is_said_of_a_link_is_what_the_last_rule_says()
    {
        var random = new Random(3);
        for (var round = 0; round < 60; round++)
        {
            var members = Members([.. Enumerable.Range(0, 40).Select(_ => ($"r{random.Next(4)}", $"s{random.Next(3)}", $"{Operators[random.Next(2)]}"))]);
            var rules = Enumerable.Range(0, random.Next(1, 130)).Select(_ => Rule(random)).ToList();
            var terms = new PolicyTerms(PolicyDocument.Default with { Links = rules }, members);
            for (var from = 0; from < members.Length; from++)
            {
                for (var to = 0; to < members.Length; to++)
                    Assert.Equal(Plain(rules, members[from], members[to]), terms.OfLink(from, to));
            }
        }

        static LinkRule Rule(Random random)
        {
            LinkRule rule = new() { From = Who(random), To = Who(random), Both = random.Next(2) == 0 };
            return random.Next(5) switch
            {
                0 => rule with { Price = random.Next(4) },
                1 => rule with { Paid = Bandwidth.FromMegabitsPerSecond(random.Next(4)) },
                2 => rule with { Capacity = Bandwidth.FromMegabitsPerSecond(1 + random.Next(4)), Price = 7 },
                3 => rule with { Classes = [(RouteClass)random.Next(Topology.Classes)] },
                _ => rule with { Maintenance = random.Next(2) == 0 },
            };
        }

        static MemberSelector Who(Random random) => random.Next(6) switch
        {
            0 => new() { Region = $"r{random.Next(4)}" },
            1 => new() { Site = $"s{random.Next(3)}", Operator = "a" },
            2 => new() { Node = $"n{random.Next(40)}" },
            3 => new() { Node = $"{random.Next(40)}" },
            _ => MemberSelector.Everybody,
        };

        static LinkTerms Plain(List<LinkRule> rules, Member from, Member to) =>
            rules.Where(rule => (rule.From.Fits(from) && rule.To.Fits(to)) || (rule.Both && rule.From.Fits(to) && rule.To.Fits(from))).Aggregate(LinkTerms.None, (terms, rule) => terms.With(rule));
    }

    /// <summary>
    /// The loop that answers all nodes makes the terms, so no policy within its bounds may hold it: neither one whose rules all fit everybody, nor one that tells
    /// all nodes apart.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_most_rules_for_a_thousand_nodes_take_no_longer_than_a_loop_may_be_held(bool areAllApart)
    {
        var members = Members([.. Enumerable.Range(0, 1_000).Select(at => ($"r{at % 10}", $"s{at / 10 % 10}", $"o{at / 100}"))]);
        var rules = Enumerable.Range(0, PolicyLimits.Rules).Select(at => new LinkRule { Price = 1 + at, Capacity = Bandwidth.FromMegabitsPerSecond(1 + at) });
        if (areAllApart)
            rules = rules.Select((rule, at) => at < 30 ? rule with { From = Part(at), To = Part(29 - at), Both = true } : rule with { Price = null, Maintenance = at % 2 == 0 });
        var document = PolicyDocument.Default with { Links = [.. rules] };
        var (first, least) = (TimeSpan.Zero, TimeSpan.MaxValue);
        for (var round = 0; round < 8; round++)
        {
            var start = Stopwatch.GetTimestamp();
            _ = new PolicyTerms(document, members).OfLink(0, 1);
            var took = Stopwatch.GetElapsedTime(start);
            (first, least) = (round == 0 ? took : first, least < took ? least : took);
        }

        TestContext.Current.SendDiagnosticMessage($"{least.TotalMilliseconds:0.0} ms at best, {first.TotalMilliseconds:0.0} ms at first");
        Assert.InRange(least, TimeSpan.Zero, TimeSpan.FromMilliseconds(250));

        static MemberSelector Part(int at) => at < 10 ? new() { Region = $"r{at}" } : at < 20 ? new() { Site = $"s{at - 10}" } : new() { Operator = $"o{at - 20}" };
    }

    private static PolicyDocument Restricting(Random random)
    {
        var kinds = random.Next(1, 4);
        string[] all = [.. Enumerable.Range(0, 64).Select(at => $"r{at}")];
        var sets = Enumerable.Range(0, kinds).Select(_ => (IReadOnlyList<string>)[.. all.Where(_ => random.Next(3) == 0).DefaultIfEmpty("r63")]).ToList();
        return PolicyDocument.Default with
        {
            Ways = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new WayRule { From = Any(), To = Any(), Regions = sets[random.Next(kinds)], Operators = random.Next(2) == 0 ? ["a"] : [] })],
            Nodes = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Rule())],
        };

        IReadOnlyList<string> Any() => random.Next(3) == 0 ? [] : sets[random.Next(kinds)];

        NodeRule Rule()
        {
            var who = random.Next(3) == 0 ? MemberSelector.Everybody : new MemberSelector { Operator = $"{Operators[random.Next(2)]}" };
            return random.Next(2) == 0 ? new() { Who = who, Regions = sets[random.Next(kinds)] } : new() { Who = who, Classes = [(RouteClass)random.Next(Topology.Classes)] };
        }
    }

    private static bool MayPass(PolicyDocument document, Member node, RouteClass service, string from, string to)
    {
        foreach (var way in document.Ways)
        {
            if ((way.From.Count > 0 && !Names(way.From, from)) || (way.To.Count > 0 && !Names(way.To, to)))
                continue;
            if ((way.Regions.Count > 0 && !Names(way.Regions, node.Region)) || (way.Operators.Count > 0 && !Names(way.Operators, node.Operator)))
                return false;
        }

        var mine = document.Nodes.Where(rule => rule.Who.Fits(node)).ToList();
        var (classes, regions) = (mine.FindLast(rule => rule.Classes.Count > 0)?.Classes, mine.FindLast(rule => rule.Regions.Count > 0)?.Regions);
        return classes?.Contains(service) != false && (regions is null || (Names(regions, from) && Names(regions, to)));
    }

    private static bool Names(IReadOnlyList<string> names, string name) => names.Contains(name, StringComparer.Ordinal);

    private static Member[] Members((string Region, string Site, string Operator)[] places) =>
        [.. places.Select((place, at) => new Member
        {
            Number = new((ushort)(at + 1)),
            Role = NodeRole.Relay,
            Key = Samples.OverlayKey((ulong)at + 1),
            Name = $"n{at + 1}",
            Region = place.Region,
            Site = place.Site,
            Operator = place.Operator,
            Expires = Samples.Start + Duration.FromSeconds(1e7),
        })];
}
