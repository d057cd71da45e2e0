using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Tests.Routing.Policy;

/// <summary>A policy as a document: what is read, what is refused and with which words, and the text that it is written back as.</summary>
public sealed class PolicyDocumentTests
{
    private const string Whole = """
        {
          "relay_time": "150us",
          "damping": {
            "least_gain": 0.1,
            "least_gain_time": "2ms",
            "most_changes": 0.05
          },
          "load": {
            "measured": true,
            "from": 0.6,
            "full": 0.9,
            "time": "300ms"
          },
          "price": {
            "signal": "5ms",
            "realtime": "20ms",
            "bulk": "2s"
          },
          "quality": {
            "in_time": 0.995
          },
          "links": [
            {
              "from": {
                "region": "eu",
                "operator": "acme"
              },
              "to": {
                "node": "fra-1"
              },
              "both": true,
              "price": 0.08,
              "paid": "200Mbit/s",
              "capacity": "1Gbit/s",
              "classes": [
                "bulk",
                "signal"
              ],
              "maintenance": false
            }
          ],
          "nodes": [
            {
              "site": "fra",
              "maintenance": true,
              "until": "2026-01-31T12:00:00Z",
              "capacity": "10Gbit/s",
              "classes": [
                "realtime"
              ],
              "regions": [
                "eu",
                "us"
              ]
            }
          ],
          "ways": [
            {
              "from": [
                "eu"
              ],
              "to": [
                "eu"
              ],
              "regions": [
                "eu"
              ],
              "operators": [
                "acme"
              ]
            }
          ]
        }

        """;

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("// nothing wanted\n{ \"links\": [], \"damping\": {}, \"relay_time\": null }")]
    [InlineData("""{ "damping": { "least_gain": 0.2 }, "load": { "from": 0.7 } }""")]
    public void What_says_nothing_else_is_the_default(string text)
    {
        Assert.Equal("{}\n", Read(text).ToText());
        Assert.Equal("{}\n", PolicyDocument.Default.ToText());
    }

    [Fact]
    public void Everything_that_can_be_said_is_read_and_written_back_as_one_text()
    {
        var document = Read(Whole);
        Assert.Equal(Whole.ReplaceLineEndings("\n"), document.ToText());
        Assert.Equal(Duration.FromMicroseconds(150), document.RelayTime);
        var link = Assert.Single(document.Links);
        Assert.Equal(new Bandwidth(200_000_000), link.Paid);
        Assert.Equal([RouteClass.Bulk, RouteClass.Signal], link.Classes);
        Assert.False(link.Maintenance);
        Assert.Equal(["eu", "us"], Assert.Single(document.Nodes).Regions);
        Assert.True(document.Ways[0].Fits("eu", "eu"));
        Assert.False(document.Ways[0].Fits("eu", "us"));
        Assert.Equal("2026-01-31T10:30:00Z", $"{Read("""{ "links": [{ "maintenance": true, "until": "2026-01-31T12:30+02:00" }] }""").Links[0].Until}");
        var untidy = Read("""{ "ways": [{ "operators": ["b", "a", "b"], }], /* then */ "nodes": [{ "capacity": "1000Mbit/s" }] }""");
        Assert.Equal(["a", "b"], untidy.Ways[0].Operators);
        Assert.Equal(untidy.ToText(), Read(untidy.ToText()).ToText());
        Assert.Contains("\"1Gbit/s\"", untidy.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "policy:1: the file holds a list")]
    [InlineData("{ \"links\": 3 }", "\"links\" is \"3\": write a list")]
    [InlineData("{\n\"link\": [] }", "policy:2: \"link\" is no key that a policy has: did you mean \"links\"?")]
    [InlineData("""{ "links": [{ "price": 1, "prize": 2 }] }""", "\"links[0].prize\" is no key that a policy has")]
    [InlineData("""{ "links": [{ "price": 1 }, { "paid": "200" }] }""", "\"links[1].paid\" is \"200\"")]
    [InlineData("""{ "links": [{ "paid": "200MB" }] }""", "\"links[0].paid\"")]
    [InlineData("""{ "links": [{ "price": -1 }] }""", "\"links[0].price\" is \"-1\": it is out of bounds")]
    [InlineData("""{ "links": [{ "price": "free" }] }""", "\"links[0].price\" is \"free\": it is no number")]
    [InlineData("""{ "links": [{ "from": { "region": "eu" } }] }""", "\"links[0].from\" says nothing of these links")]
    [InlineData("""{ "links": [{ "from": "eu", "price": 1 }] }""", "\"links[0].from\" is \"eu\": write an object")]
    [InlineData("""{ "links": [{ "from": { "zone": "eu" }, "price": 1 }] }""", "\"links[0].from.zone\" is no key")]
    [InlineData("""{ "links": [{ "classes": [] }] }""", "\"links[0].classes\" is empty")]
    [InlineData("""{ "links": [{ "classes": ["video"] }] }""", "\"links[0].classes[0]\" is \"video\": there is no such choice")]
    [InlineData("""{ "links": [{ "maintenance": "soon" }] }""", "\"links[0].maintenance\" is \"soon\": write true or false")]
    [InlineData("""{ "links": [{ "maintenance": true, "until": "soon" }] }""", "\"links[0].until\" is \"soon\": it is no time, write it as 2026-01-31T12:00:00Z")]
    [InlineData("""{ "nodes": [{ "maintenance": true, "until": "12:00" }] }""", "\"nodes[0].until\" is \"12:00\": it is no time")]
    [InlineData("""{ "nodes": [{ "capacity": "1Gbit/s", "until": "2026-01-31T12:00:00Z" }] }""", "\"nodes[0].until\" is when a maintenance is over: write \"maintenance\": true beside it")]
    [InlineData("""{ "nodes": [{ "node": "fra 1", "maintenance": true }] }""", "\"nodes[0].node\" is \"fra 1\": write a node's name or number")]
    [InlineData("""{ "nodes": [{ "node": "fra-1" }] }""", "\"nodes[0].node\" says nothing of these nodes")]
    [InlineData("""{ "ways": [{ "from": ["eu"] }] }""", "\"ways[0].regions\" is missing, and so is \"operators\"")]
    [InlineData("""{ "ways": [{ "regions": [""] }] }""", "\"ways[0].regions[0]\"")]
    [InlineData("""{ "damping": { "least_gain": 1 } }""", "\"damping.least_gain\" is \"1\": it is out of bounds")]
    [InlineData("""{ "damping": { "least_gain_time": 5 } }""", "\"damping.least_gain_time\" is \"5\"")]
    [InlineData("""{ "damping": { "most_changes": 0 } }""", "\"damping.most_changes\" is \"0\": it is out of bounds")]
    [InlineData("""{ "load": { "from": 0.8, "full": 0.8 } }""", "\"load.full\" is 0.8 and \"from\" is 0.8")]
    [InlineData("""{ "load": { "time": "1h" } }""", "\"load.time\" is \"1h\": it is out of bounds")]
    [InlineData("""{ "quality": { "in_time": 98 } }""", "\"quality.in_time\" is \"98\": it is out of bounds")]
    [InlineData("""{ "price": { "bulk": "-1s" } }""", "\"price.bulk\"")]
    [InlineData("{ \"relay_time\": \"1us\", \"relay_time\": \"2us\" }", "\"relay_time\" stands here for the second time")]
    [InlineData("{ \"relay_time\": ", "this is no JSON")]
    public void What_is_wrong_is_told_in_a_sentence_that_says_where(string text, string sentence)
    {
        Assert.False(PolicyDocument.TryRead(text, out var document, out var problems));
        Assert.Null(document);
        Assert.Contains(problems, problem => problem.Contains(sentence, StringComparison.Ordinal) && problem.StartsWith("policy:", StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.True(problem.EndsWith('.') || problem.EndsWith('?'), problem));
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        Assert.False(PolicyDocument.TryRead("""{ "relay_time": 3, "load": { "from": 7 }, "nodes": [{ "regio": "x" }] }""", out _, out var problems));
        Assert.Equal(3, problems.Count);
    }

    [Fact]
    public void What_is_too_much_is_refused_with_its_bound()
    {
        var rules = string.Join(',', Enumerable.Range(0, PolicyLimits.Rules + 1).Select(at => $$"""{ "node": "n{{at}}", "maintenance": true }"""));
        AssertRefused($$"""{ "nodes": [{{rules}}] }""", $"\"nodes\" has {PolicyLimits.Rules + 1} rules");
        AssertRefused(new string(' ', PolicyLimits.TextCharacters + 1), "is it the right file?");
        var names = string.Join(',', Enumerable.Range(0, PolicyLimits.Names + 1).Select(at => $"\"r{at}\""));
        AssertRefused($$"""{ "ways": [{ "regions": [{{names}}] }] }""", $"names {PolicyLimits.Names + 1}");
        AssertRefused(new string('[', 500), "this is no JSON");
        Assert.Equal(PolicyLimits.Restrictions, new PolicyScopes(Read(Residency(PolicyLimits.Restrictions - 1))).Pairs.Count);
        AssertRefused(Residency(PolicyLimits.Restrictions), $"restricts traffic in {PolicyLimits.Restrictions + 1} different ways");
    }

    private static string Apart(int rules, int each) =>
        $$"""{ "nodes": [{{string.Join(',', Enumerable.Range(0, rules).Select(rule => $$"""{ "regions": [{{string.Join(',', Enumerable.Range(0, each).Select(at => $"\"r{(rule * each) + at}\""))}}] }"""))}}] }""";

    /// <summary>Reckoning with pairs of all these regions would take minutes, and somebody who may only look can ask for it.</summary>
    [Fact]
    public void More_regions_than_can_be_told_apart_are_refused_before_their_pairs_are_counted()
    {
        AssertRefused(Apart(256, 40), "\"nodes\" tells the traffic of 256 kinds of regions apart, and at most 64 are possible");
        AssertRefused(Apart(PolicyLimits.Regions + 1, 1), "tells the traffic of 65 kinds of regions apart");
        AssertRefused(Apart(PolicyLimits.Regions, 1), "restricts traffic in 65 different ways");
        AssertRefused(Apart(PolicyLimits.Rules + 1, 8), $"\"nodes\" has {PolicyLimits.Rules + 1} rules");
    }

    /// <summary>Before regions were counted as many as these were taken; a controller that has such a policy in its store goes on with all of it.</summary>
    [Theory]
    [InlineData(1, 64)]
    [InlineData(5, 64)]
    [InlineData(11, 64)]
    public void Regions_that_rules_name_alike_are_one_kind_however_many_they_are(int rules, int each)
    {
        var document = Read(Apart(rules, each));
        var scopes = new PolicyScopes(document);
        Assert.Equal((rules + 1, rules + 1), (scopes.Regions, scopes.Pairs.Count));
        for (var region = 0; region < rules * each; region++)
        {
            Assert.Equal(scopes.PlaceOf($"r{region / each * each}"), scopes.PlaceOf($"r{region}"));
            Assert.NotEqual(scopes.PlaceOf(PolicyScopes.Elsewhere), scopes.PlaceOf($"r{region}"));
        }

        Assert.Equal(scopes.PlaceOf(PolicyScopes.Elsewhere), scopes.PlaceOf("nowhere"));
        var state = new Controller.Store.ControllerState { Network = Samples.Network };
        state.Policies.Add(new(3, Samples.Start, "ann", "", document.ToText()));
        Assert.True(new Controller.Core.ControllerCore(new(), Samples.Office, state).HoldsPolicy);
    }

    /// <summary>A controller reads what it keeps when it starts again: what it takes it has to be able to read then, or all routes stand still.</summary>
    [Fact]
    public void What_is_taken_can_be_read_again_as_it_is_kept()
    {
        var regions = string.Join(',', Enumerable.Range(0, PolicyLimits.Names).Select(at => $"\"r{at}\""));
        var more = PolicyLimits.TextCharacters - Read(Longer(0)).ToText().Length;
        var longest = Read(Longer(more));
        Assert.Equal(PolicyLimits.TextCharacters, longest.ToText().Length);
        Assert.Equal(longest.ToText(), Read(longest.ToText()).ToText());
        Assert.True(Longer(more + 1).Length < PolicyLimits.TextCharacters / 2, "It would be refused for what was sent.");
        AssertRefused(Longer(more + 1), $"The text has {PolicyLimits.TextCharacters + 1} characters as it is kept");

        string Longer(int letters) => $$"""{"nodes":[{{string.Join(',', Enumerable.Range(0, PolicyLimits.Rules).Select(rule =>
            $$"""{"node":"{{new string('a', 1 + ((letters + rule) / PolicyLimits.Rules))}}","regions":[{{regions}}]}"""))}}]}""";
    }

    [Fact]
    public void Rules_that_mean_nobody_are_told()
    {
        var document = Read("""{ "links": [{ "from": { "region": "mars" }, "to": { "node": "7" }, "price": 1 }], "nodes": [{ "site": "fra", "maintenance": true }] }""");
        Assert.Equal(3, document.Unmatched([]).Count);
        Assert.Contains("links[0].from", document.Unmatched([])[0], StringComparison.Ordinal);
        Assert.Empty(Read("""{ "links": [{ "price": 1 }] }""").Unmatched([]));
    }

    private static string Residency(int regions) =>
        $$"""{ "ways": [{{string.Join(',', Enumerable.Range(0, regions).Select(at => $$"""{ "from": ["r{{at}}"], "to": ["r{{at}}"], "regions": ["r{{at}}"] }"""))}}] }""";

    private static PolicyDocument Read(string text)
    {
        Assert.True(PolicyDocument.TryRead(text, out var document, out var problems), string.Join('\n', problems));
        return document;
    }

    private static void AssertRefused(string text, string sentence)
    {
        Assert.False(PolicyDocument.TryRead(text, out _, out var problems));
        Assert.Contains(problems, problem => problem.Contains(sentence, StringComparison.Ordinal));
    }
}
