namespace WeCan.Bench.Tunnel;

/// <summary>Two nodes of nebula with their defaults, on the same hosts: what others reach there.</summary>
internal sealed class NebulaPair : IDisposable
{
    public const string FarAddress = "10.79.0.2";

    private readonly Command[] _nodes;

    public NebulaPair(Namespaces hosts, string folder)
    {
        var here = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(here);
        var authority = Path.Combine(here, "ca");
        Command.Run("nebula-cert", "ca", "-name", "bench", "-out-crt", authority + ".crt", "-out-key", authority + ".key");
        foreach (var (name, address) in ((string, string)[])[("a", "10.79.0.1"), ("b", FarAddress)])
        {
            Command.Run(
                "nebula-cert", "sign", "-name", name, "-ip", $"{address}/24", "-ca-crt", authority + ".crt", "-ca-key", authority + ".key",
                "-out-crt", Path.Combine(here, name + ".crt"), "-out-key", Path.Combine(here, name + ".key"));
            File.WriteAllText(Path.Combine(here, name + ".yml"), $$"""
                pki: { ca: {{authority}}.crt, cert: {{here}}/{{name}}.crt, key: {{here}}/{{name}}.key }
                static_host_map: { "10.79.0.1": ["10.78.0.1:4242"], "{{FarAddress}}": ["10.78.0.2:4242"] }
                lighthouse: { am_lighthouse: false, hosts: [] }
                listen: { host: 0.0.0.0, port: 4242 }
                tun: { dev: nebula1 }
                firewall: { outbound: [ { port: any, proto: any, host: any } ], inbound: [ { port: any, proto: any, host: any } ] }

                """);
        }

        _nodes = [.. ((string[])["a", "b"]).Select(name => Command.Start(hosts.On(name, "nebula", "-config", Path.Combine(here, name + ".yml"))))];
        foreach (var node in _nodes)
            node.Await("interface is active");
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
            node.Dispose();
    }
}
