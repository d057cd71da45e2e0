namespace WeCan.Bench;

/// <summary>What the program says when it was not told what to measure.</summary>
internal static class Usage
{
    public const int ExitCode = 2;

    public static int Show()
    {
        Console.Error.WriteLine("""
            bench <what> [--json]

              seal    sealing and opening datagrams, for each cipher, provider and size; and messages between two edges, sealed as a ratio to clear
              fec     combining packets into repairs and solving missing ones, as a ratio to copying them
              link    two links back to back in memory, as a ratio to the cipher alone
              bulk    one Bulk flow over a bottleneck of 100 Mbit/s in virtual time, at 0, 1 and 5 % random loss; and two that share it
              forward [--size N | --idle]
                      wecan-relay between two nodes over real sockets, as ratios to programs in C (needs cc), the delay that it adds, and what it costs idle
              tunnel [--case NAME]
                      what programs get through the tunnels of two edges, as daemons in network namespaces (needs root, cc, iperf3 and nebula)
              flood [--kind mixed] [--rate N] [--seconds N]
                      what forged packets on a relay's port (300,000 a second for 10 s) do to a Realtime flow through it, and how many bytes they are answered by
              bus [--case NAME]
                      what two clients get through an edge, held against nats-server (needs Debian's nats-server), which does the same work in the same run
              controller [--nodes N] [--seconds N]
                      wecan-controller with nodes (200) that report their links once a second: what it takes, and how soon a node has the route that its report changed
              sim [--seeds N] [--first K] [--edition E]
                      whole overlays in virtual time, judged by the promises of the design, one for each seed (100 if left out); exits 1 if any fails
              sim --seed N [--edition E] [--trace]
                      one of them again, with its plan, the story of what happened before the failure (or all of it), and the verdict
              recovery [--seeds N] [--case NAME]
                      what a Realtime flow misses over bad paths in virtual time, and what repair costs on the wire
              failover [--runs N] [--daemons]
                      what flows lose when links die silently or turn bad, with the controller and without: in virtual time, or
                      through the tunnels of the daemons that ship, in network namespaces, three minutes a run (needs root and cc)
              routes  the routes of 490, 1,000 and 2,000 nodes in three classes, from nothing and after one link changed; how good they are on measured
                      networks, against networkx (needs Debian's python3-networkx), and how steady

            Run it in Release, on a machine that does nothing else. With --json it prints one object on one line.
            """);
        return ExitCode;
    }

    /// <summary>One sentence about what cannot be read, and what to write instead.</summary>
    public static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return ExitCode;
    }
}
