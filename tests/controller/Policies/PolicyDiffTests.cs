using System.Text.Json;
using System.Text.Json.Nodes;
using WeCan.Controller.Policies;

namespace WeCan.Controller.Tests.Policies;

/// <summary>What two documents differ in: told place by place, nothing of it twice, and nothing left out.</summary>
public sealed class PolicyDiffTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", "")]
    [InlineData("""{"a":1}""", """{"a":2}""", "a: 1 > 2")]
    [InlineData("""{"a":1}""", """{"b":1}""", "a: 1 > -, b: - > 1")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"b":1,"c":3}}""", "a.c: 2 > 3")]
    [InlineData("""{"a":{"b":1}}""", """{"a":[1]}""", "a: {\"b\":1} > [1]")]
    [InlineData("{}", """{"l":[{"node":"a"},{"node":"b"}]}""", "l[0]: - > {\"node\":\"a\"}, l[1]: - > {\"node\":\"b\"}")]
    [InlineData("""{"l":["x","y"]}""", "{}", "l[0]: \"x\" > -, l[1]: \"y\" > -")]
    [InlineData("{}", """{"l":[]}""", "l: - > []")]
    [InlineData("""{"a.b":1,"":2}""", """{"a.b":2,"":3}""", "[\"a.b\"]: 1 > 2, [\"\"]: 2 > 3")]
    [InlineData("""{"l":[1,2,3]}""", """{"l":[0,1,2,3]}""", "l[0]: - > 0")]
    [InlineData("""{"l":[1,2,3]}""", """{"l":[1,3]}""", "l[1]: 2 > -")]
    [InlineData("""{"l":[1,2]}""", """{"l":[2,1]}""", "l[0]: 1 > -, l[1]: - > 1")]
    [InlineData("""{"l":[{"node":"a","x":1},{"node":"b","x":1}]}""", """{"l":[{"node":"n","x":1},{"node":"a","x":1},{"node":"b","x":2}]}""", "l[0]: - > {\"node\":\"n\",\"x\":1}, l[2].x: 1 > 2")]
    [InlineData("""{"l":[{"node":"a","x":1}]}""", """{"l":[{"node":"b","x":1}]}""", "l[0]: {\"node\":\"a\",\"x\":1} > -, l[0]: - > {\"node\":\"b\",\"x\":1}")]
    public void Each_place_is_told_with_what_stood_there_and_stands_there(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join(", ", PolicyDiff.Between(before, after).Select(change => $"{change.Path}: {change.Before?.GetRawText() ?? "-"} > {change.After?.GetRawText() ?? "-"}")));

    /// <summary>With random documents: the same ones have none, what one direction tells the other tells with its sides changed, and the changes of objects lead from one to the other.</summary>
    [Fact]
    public void Changes_lead_from_one_document_to_the_other()
    {
        var random = new Random(5);
        for (var round = 0; round < 3_000; round++)
        {
            var before = Draw(random, 3, round % 2 == 0);
            var after = random.Next(3) == 0 ? Draw(random, 3, round % 2 == 0) : Mutate(random, before.DeepClone().AsObject());
            var changes = PolicyDiff.Between(before.ToJsonString(), after.ToJsonString());
            Assert.Equal(JsonNode.DeepEquals(before, after), changes.Count == 0);
            Assert.Empty(PolicyDiff.Between(after.ToJsonString(), after.ToJsonString()));
            Assert.Equal(changes.Count, changes.Select(change => (change.Path, change.Before is null, change.After is null)).Distinct().Count());
            Assert.All(changes, change => Assert.True(change.Before is { } old ? change.After is not { } now || !JsonElement.DeepEquals(old, now) : change.After is not null));
            if (round % 2 != 0)
                continue;
            Assert.Equal(
                PolicyDiff.Between(after.ToJsonString(), before.ToJsonString()).Select(change => $"{change.Path} {change.After} {change.Before}").Order(StringComparer.Ordinal),
                changes.Select(change => $"{change.Path} {change.Before} {change.After}").Order(StringComparer.Ordinal));
            foreach (var change in changes)
                Apply(before, change.Path.Split('.'), change.After);
            Assert.True(JsonNode.DeepEquals(before, after), $"{before} is not {after}");
        }
    }

    [Fact]
    public void Long_lists_are_compared_in_a_moment()
    {
        var (before, after) = (new JsonArray(), new JsonArray());
        for (var i = 0; i < 5_000; i++)
        {
            before.Add(new JsonObject { ["node"] = $"n{i}", ["x"] = 1 });
            after.Add(new JsonObject { ["node"] = $"n{4_999 - i}", ["x"] = i % 2 });
        }

        var start = TimeProvider.System.GetTimestamp();
        Assert.Equal(2_500, PolicyDiff.Between(before.ToJsonString(), after.ToJsonString()).Count);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static void Apply(JsonObject document, string[] path, JsonElement? value)
    {
        foreach (var name in path[..^1])
            document = document[name]!.AsObject();
        document.Remove(path[^1]);
        if (value is { } set)
            document[path[^1]] = JsonNode.Parse(set.GetRawText());
    }

    private static JsonObject Draw(Random random, int depth, bool isObjects)
    {
        var drawn = new JsonObject();
        for (var i = random.Next(5); i > 0; i--)
            drawn[$"k{random.Next(6)}"] = DrawValue(random, depth - 1, isObjects);
        return drawn;
    }

    private static JsonNode? DrawValue(Random random, int depth, bool isObjects) => random.Next(depth > 0 ? 5 : 3) switch
    {
        0 => JsonValue.Create(random.Next(3)),
        1 => JsonValue.Create($"v{random.Next(3)}"),
        2 => JsonValue.Create(random.Next(2) == 0),
        3 when !isObjects => new JsonArray([.. Enumerable.Range(0, random.Next(6)).Select(_ => DrawValue(random, depth - 1, isObjects))]),
        _ => Draw(random, depth, isObjects),
    };

    private static JsonObject Mutate(Random random, JsonObject document)
    {
        var key = $"k{random.Next(6)}";
        if (random.Next(3) == 0)
            document.Remove(key);
        else
            document[key] = DrawValue(random, 2, isObjects: true);
        return document;
    }
}
