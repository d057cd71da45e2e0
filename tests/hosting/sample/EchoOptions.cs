using System.Net;
using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Sample;

internal sealed record EchoOptions(IPEndPoint Listen, string Greeting, TimeSpan Linger, Secret? Token)
{
    public static EchoOptions Read(ConfigReader read) => new(
        read.Required("listen", ValueKinds.EndPoint, "the UDP address that is echoed at"),
        read.Value("greeting", ValueKinds.Text, "hello", "what stands before each echo", live: true),
        read.Value("linger", ValueKinds.Duration.Between(TimeSpan.Zero, TimeSpan.FromMinutes(1)), TimeSpan.Zero, "how long it must have been quiet before it stops"),
        read.Secret("token", "what a client would have to know"));
}
