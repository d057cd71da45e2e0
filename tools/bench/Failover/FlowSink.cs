using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace WeCan.Bench.Failover;

/// <summary>
/// The programs' other end: which datagrams came in time over one way and over two, and whether Signal's messages came each once and
/// in order. It ends when the stream has, and writes what it saw to a file.
/// </summary>
internal static class FlowSink
{
    /// <summary>The argument that makes the program a sink. It is not for people, and so is in no help.</summary>
    public const string Argument = "failover-sink";

    public static int Run(string[] arguments)
    {
        var total = int.Parse(arguments[0], CultureInfo.InvariantCulture) * FlowLimits.RealtimePerSecond;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, FlowLimits.SignalPort));
        listener.Listen();
        var (one, two) = (new bool[total], new bool[total]);
        using var oneWay = Open(FlowLimits.OneWayPort);
        using var twoWays = Open(FlowLimits.TwoWaysPort);
        Hear(oneWay, one);
        Hear(twoWays, two);
        Console.WriteLine("hears");
        var report = Stream(listener) with { One = Numbers(one), Two = Numbers(two) };
        File.WriteAllText(arguments[1], JsonSerializer.Serialize(report));
        return 0;
    }

    private static Socket Open(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    /// <summary>Notes what comes in time, on a thread of its own, until the program ends.</summary>
    private static void Hear(Socket socket, bool[] inTime) => new Thread(() =>
    {
        var datagram = new byte[2_048];
        while (true)
        {
            try
            {
                var length = socket.Receive(datagram);
                var late = Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64BigEndian(datagram.AsSpan(sizeof(int))));
                inTime[BinaryPrimitives.ReadInt32BigEndian(datagram)] |= length == FlowLimits.RealtimeBytes && late <= FlowLimits.Deadline;
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    })
    { IsBackground = true }.Start();

    private static FlowReport Stream(Socket listener)
    {
        using var stream = listener.Accept();
        using var bytes = new NetworkStream(stream);
        var message = new byte[FlowLimits.SignalBytes];
        var (next, wrong) = (0, 0);
        while (bytes.ReadAtLeast(message, message.Length, throwOnEndOfStream: false) == message.Length)
        {
            if (BinaryPrimitives.ReadInt32BigEndian(message) == next)
                next++;
            else
                wrong++;
        }

        return new(next, wrong, [], []);
    }

    private static int[] Numbers(bool[] inTime) => [.. Enumerable.Range(0, inTime.Length).Where(number => !inTime[number])];
}
