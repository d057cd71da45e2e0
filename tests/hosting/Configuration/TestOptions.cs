using System.Net;
using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Tests.Configuration;

/// <summary>Options with one key of every sort.</summary>
internal sealed record TestOptions
{
    public required IPEndPoint Listen { get; init; }

    public string? Name { get; init; }

    public TimeSpan Drain { get; init; }

    public long Buffer { get; init; }

    public bool Dev { get; init; }

    public Secret? Token { get; init; }

    public IReadOnlyList<DnsEndPoint> Controllers { get; init; } = [];

    public string StorePath { get; init; } = "";

    public long StorePages { get; init; }

    public IReadOnlyList<TestTunnel> Tunnels { get; init; } = [];

    public static TestOptions Read(ConfigReader read)
    {
        var options = new TestOptions
        {
            Listen = read.Required("listen", ValueKinds.EndPoint, "where links arrive"),
            Name = read.Optional("name", ValueKinds.Text, "what people call it", live: true),
            Drain = read.Value("drain_time", ValueKinds.Duration.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)), TimeSpan.FromSeconds(10), "how long it drains", live: true),
            Buffer = read.Value("buffer", ValueKinds.Bytes, 4 << 20, "what the socket holds"),
            Dev = read.Value("dev", ValueKinds.Flag, false, "for a desk"),
            Token = read.Secret("token", "what opens the door"),
            Controllers = read.Values("controllers", ValueKinds.Host, "who admits it", live: true),
            Tunnels = read.Sections("tunnels", TestTunnel.Read, live: true),
        };
        return read.Section("store", store => options with
        {
            StorePath = store.Value("path", ValueKinds.Path, "/var/lib/wecan/state.db", "where the state lies"),
            StorePages = store.Value("pages", ValueKinds.Integer.Between(1, 1_000), 16, "pages of it"),
        });
    }
}
