using System.Net;
using WeCan.Contracts;
using WeCan.Edge.Tunnels.Policy;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Hosting.Daemon;

namespace WeCan.Edge.Tests.Tunnels;

/// <summary>docs/tunnels.md, configuration: the page's examples are read as it says, and what is wrong is told with what to write instead.</summary>
public sealed class TunnelSettingsTests
{
    [Fact]
    public async Task ThePagesExamplesAreReadAsItSays()
    {
        var (settings, code) = await ReadAsync("""
            {
              "tunnels": [
                { "listen": "tcp://127.0.0.1:5432", "exit": "edge-b", "target": "10.0.0.5:5432", "class": "signal" },
                { "listen": "udp://127.0.0.1:5000", "exit": 7, "target": "media.example:5000", "deadline": "200ms", "paths": 2 }
              ],
              "tunnel_policy": { "allow": [
                { "from": ["edge-a", 3], "target": "10.0.0.0/8:5432", "protocol": "tcp" },
                { "from": ["*"], "target": "media.example:5000-5099", "protocol": "udp" }
              ] }
            }
            """);

        Assert.Equal(0, code);
        var (first, second) = (settings.Tunnels[0], settings.Tunnels[1]);
        Assert.Equal("tcp://127.0.0.1:5432 edge-b 10.0.0.5:5432 Signal 3", $"{first.Listen} {first.Exit} {first.Target} {first.Class} {first.Priority}");
        Assert.Equal("udp://127.0.0.1:5000 7 media.example:5000 2", $"{second.Listen} {second.Exit} {second.Target} {second.Paths}");
        Assert.Equal(Duration.FromMilliseconds(200), second.Deadline);
        var (ranged, named) = (settings.Policy.Rules[0], settings.Policy.Rules[1]);
        Assert.Equal([new EdgeName(NodeId.None, "edge-a"), new EdgeName(new NodeId(3), null)], ranged.From);
        Assert.Equal((IPNetwork.Parse("10.0.0.0/8"), 5432, 5432, TunnelProtocol.Tcp), (ranged.Network!.Value, ranged.FirstPort, ranged.LastPort, ranged.Protocol!.Value));
        Assert.Equal((0, "media.example", 5000, 5099, TunnelProtocol.Udp), (named.From.Count, named.Host, named.FirstPort, named.LastPort, named.Protocol!.Value));
    }

    [Theory]
    [InlineData("""{ "tunnels": [ { "listen": "127.0.0.1:1", "exit": 7, "target": "a:1" } ] }""")]
    [InlineData("""{ "tunnels": [ { "listen": "tcp://127.1:1", "exit": 7, "target": "a:1" } ] }""")]
    [InlineData("""{ "tunnels": [ { "listen": "tcp://127.0.0.1:1", "exit": 0, "target": "a:1" } ] }""")]
    [InlineData("""{ "tunnels": [ { "listen": "tcp://127.0.0.1:1", "exit": "*", "target": "a:1" } ] }""")]
    [InlineData("""{ "tunnels": [ { "listen": "tcp://127.0.0.1:1", "exit": 7, "target": "a" } ] }""")]
    [InlineData("""{ "tunnels": [ { "listen": "tcp://127.0.0.1:1", "exit": 7, "target": "a:1", "priority": 8 } ] }""")]
    [InlineData("""{ "tunnels": [ { "listen": "udp://127.0.0.1:1", "exit": 7, "target": "a:1", "deadline": "11s" } ] }""")]
    [InlineData("""{ "tunnels": [ { "listen": "udp://127.0.0.1:1", "exit": 7, "target": "a:1", "class": "bulk" } ] }""")]
    [InlineData("""{ "tunnels": [ { "listen": "tcp://127.0.0.1:1", "exit": 7, "target": "a:1" }, { "listen": "tcp://127.0.0.1:1", "exit": 8, "target": "a:1" } ] }""")]
    [InlineData("""{ "tunnels": [ { "exit": 7, "target": "a:1" } ] }""")]
    [InlineData("""{ "tunnel_policy": { "allow": [ { "target": "10.0.0.0/8:1" } ] } }""")]
    [InlineData("""{ "tunnel_policy": { "allow": [ { "from": ["*", 3], "target": "10.0.0.0/8:1" } ] } }""")]
    [InlineData("""{ "tunnel_policy": { "allow": [ { "from": ["*"], "target": "10.0.0.1/8:1" } ] } }""")]
    [InlineData("""{ "tunnel_policy": { "allow": [ { "from": ["*"], "target": "10.0.0.0/8" } ] } }""")]
    [InlineData("""{ "tunnel_policy": { "allow": [ { "from": ["*"], "target": "10.0.0.0/8:9-1" } ] } }""")]
    [InlineData("""{ "tunnel_policy": { "allow": [ { "from": ["*"], "target": "10.0.0.0/8:1", "protocol": "sctp" } ] } }""")]
    public async Task WhatIsWrongIsRefused(string json) => Assert.Equal(78, (await ReadAsync(json)).Code);

    private static async Task<(TunnelSettings Settings, int Code)> ReadAsync(string json)
    {
        var file = Path.Combine(Path.GetTempPath(), $"wecan-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, json);
        try
        {
            var settings = TunnelSettings.None;
            var definition = new DaemonDefinition<TunnelSettings>
            {
                Name = "wecan-edge",
                About = "A test.",
                Options = read => settings = TunnelSettings.Read(read),
                Start = (_, _) => Task.CompletedTask,
                MetricsPort = 1,
            };
            return (settings, await DaemonHost.RunAsync(["--config", file, "--check-config"], definition)) is var (_, code) ? (settings, code) : default;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
