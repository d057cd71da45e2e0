using WeCan.Contracts;

namespace WeCan.Simulation;

/// <summary>A host's place for a program, and the program in it while it lives.</summary>
internal sealed class SimProcess(int host, string name, HostClock clock)
{
    public int Host { get; } = host;

    public string Name { get; } = name;

    public HostClock Clock { get; set; } = clock;

    public NetAddress Address { get; set; }

    public SimHostFactory? Factory { get; set; }

    public ISimHost? Program { get; set; }

    public BootEpoch Epoch { get; set; }

    /// <summary>The program gets no processor before.</summary>
    public MonoTime PausedUntil { get; set; }

    /// <summary>What came meanwhile, as the socket's buffer keeps it; bounded by <see cref="MaxHeld"/>, what comes beyond is lost.</summary>
    public Queue<(NetAddress From, byte[] Datagram)> Held { get; } = new();

    public const int MaxHeld = 1_000;
}
