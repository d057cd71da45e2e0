using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;

namespace WeCan.Lab.Daemons;

/// <summary>Ports of this machine that were free a moment ago, one for each thing in the lab that listens.</summary>
internal sealed class LabPorts
{
    public LabPorts(LabPlan plan)
    {
        var taken = new HashSet<int>();
        Controller = Take(taken);
        ControllerMetrics = Take(taken);
        foreach (var name in plan.Nodes)
        {
            Overlay[name] = Take(taken);
            Metrics[name] = Take(taken);
        }

        foreach (var (serviceClass, from, _) in plan.Flows)
        {
            Entrances[(serviceClass, from)] = Take(taken);
            Targets[(serviceClass, from)] = Take(taken);
        }
    }

    public int Controller { get; }

    public int ControllerMetrics { get; }

    public Dictionary<string, int> Overlay { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, int> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the tunnel of a flow begins, by the edge that sends.</summary>
    public Dictionary<(ServiceClass, string), int> Entrances { get; } = [];

    /// <summary>Where its traffic comes out to.</summary>
    public Dictionary<(ServiceClass, string), int> Targets { get; } = [];

    /// <summary>Free for TCP and for UDP.</summary>
    private static int Take(HashSet<int> taken)
    {
        for (var attempt = 0; attempt < LabLimits.PortAttempts; attempt++)
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var port = ((IPEndPoint)tcp.LocalEndPoint!).Port;
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException)
            {
                continue;
            }

            if (taken.Add(port))
                return port;
        }

        throw new LabException("No port of this machine seems to be free.");
    }
}
