using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WeCan.Bench.Failover;

/// <summary>
/// A program that knows nothing of the network: numbered and stamped datagrams into two UDP tunnels, over one way and over two, and
/// numbered messages into a TCP tunnel, for so many seconds. It says when it began, by the machine's own clock.
/// </summary>
internal static class FlowSource
{
    /// <summary>The argument that makes the program a source. It is not for people, and so is in no help.</summary>
    public const string Argument = "failover-source";

    public static int Run(string[] arguments)
    {
        var total = int.Parse(arguments[0], CultureInfo.InvariantCulture) * FlowLimits.RealtimePerSecond;
        using var realtime = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var signal = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        signal.Connect(IPAddress.Loopback, FlowLimits.SignalPort);
        IPEndPoint[] ways = [new(IPAddress.Loopback, FlowLimits.OneWayPort), new(IPAddress.Loopback, FlowLimits.TwoWaysPort)];
        var (datagram, message) = (new byte[FlowLimits.RealtimeBytes], new byte[FlowLimits.SignalBytes]);
        var start = Stopwatch.GetTimestamp();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"began {start}"));
        for (var number = 0; number < total; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / FlowLimits.RealtimePerSecond) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
                Thread.Sleep(due);
            BinaryPrimitives.WriteInt32BigEndian(datagram, number);
            foreach (var way in ways)
            {
                BinaryPrimitives.WriteInt64BigEndian(datagram.AsSpan(sizeof(int)), Stopwatch.GetTimestamp());
                realtime.SendTo(datagram, way);
            }

            if (number % FlowLimits.RealtimePerSignal != 0)
                continue;
            BinaryPrimitives.WriteInt32BigEndian(message, number / FlowLimits.RealtimePerSignal);
            signal.Send(message);
        }

        signal.Shutdown(SocketShutdown.Send);
        signal.Receive(message);
        return 0;
    }
}
