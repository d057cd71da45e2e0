using System.Globalization;

namespace WeCan.Bench.Tunnel;

/// <summary>Hosts in namespaces of this machine, and the way between them: bad by the lab's emulator, or clean by a pair of veth.</summary>
internal sealed class Namespaces : IDisposable
{
    private readonly string _stats;
    private readonly Command? _emulator;
    private readonly string _prefix;

    private Namespaces(string prefix, string stats, Command? emulator) => (_prefix, _stats, _emulator) = (prefix, stats, emulator);

    /// <summary>Hosts a and b with a bad way between them, and c, where the controller is, beside both.</summary>
    public static Namespaces Bad(string folder) =>
        Emulated(folder, ["host a 10.77.0.1", "host b 10.77.0.2", "host c 10.77.0.3", "link a b delay 40 loss 5 rate 100"]);

    /// <summary>The hosts of a scenario, and the ways between them.</summary>
    public static Namespaces Emulated(string folder, IEnumerable<string> lines)
    {
        var emulator = Path.Combine(folder, "wanlab");
        if (!File.Exists(emulator))
            Command.Run("cc", "-O2", "-o", emulator, Path.Combine(AppContext.BaseDirectory, "wan", "wanlab.c"), "-lm");
        var scenario = Path.Combine(folder, "hosts.wan");
        File.WriteAllLines(scenario, lines.Prepend(string.Create(CultureInfo.InvariantCulture, $"seed {(uint)Environment.TickCount}")));
        var stats = Path.Combine(folder, "links.txt");
        var running = Command.Start(emulator, scenario, "--stats", stats);
        running.Await("ready");
        return new("wl-", stats, running);
    }

    /// <summary>Hosts a and b, joined by a cable.</summary>
    public static Namespaces Clean()
    {
        var made = new Namespaces("wb-", "", null);
        made.Remove();
        foreach (var name in (string[])["a", "b"])
            Command.Run("ip", "netns", "add", $"wb-{name}");
        Command.Run("ip", "link", "add", "cable", "netns", "wb-a", "type", "veth", "peer", "name", "cable", "netns", "wb-b");
        foreach (var (name, address) in ((string, string)[])[("a", "10.78.0.1/24"), ("b", "10.78.0.2/24")])
        {
            Command.Run("ip", "-n", $"wb-{name}", "link", "set", "lo", "up");
            Command.Run("ip", "-n", $"wb-{name}", "addr", "add", address, "dev", "cable");
            Command.Run("ip", "-n", $"wb-{name}", "link", "set", "cable", "up");
        }

        return made;
    }

    /// <summary>The words that run a command on a host.</summary>
    public string[] On(string host, params string[] words) => ["ip", "netns", "exec", $"{_prefix}{host}", .. words];

    /// <summary>Changes the emulated ways from now on: a statement of the scenario's language.</summary>
    public void Change(string statement) => _emulator!.Tell(statement);

    /// <summary>Ends the way, and says how many bytes of IP went from one host to another.</summary>
    public long Finish(string from, string to)
    {
        Dispose();
        foreach (var line in File.ReadLines(_stats))
        {
            if (line.Split(' ') is [var first, var second, _, var bytes, ..] && first == from && second == to)
                return long.Parse(bytes, CultureInfo.InvariantCulture);
        }

        throw new TunnelException($"Nothing went from {from} to {to}.");
    }

    public void Dispose()
    {
        if (_emulator is not null)
            _emulator.Dispose();
        else
            Remove();
    }

    private void Remove()
    {
        foreach (var name in (string[])["a", "b"])
        {
            if (File.Exists($"/run/netns/{_prefix}{name}"))
                Command.Run("ip", "netns", "del", $"{_prefix}{name}");
        }
    }
}
