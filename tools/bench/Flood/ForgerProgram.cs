using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Runtime;
using WeCan.Sockets;

namespace WeCan.Bench.Flood;

/// <summary>
/// The forger, as a process of its own: takes real datagrams as lines of hexadecimal digits, floods a port from the line "go" on
/// until its input ends, and then says in one line how many packets it sent, within how many milliseconds, and how many bytes came back.
/// </summary>
internal sealed class ForgerProgram : IDisposable
{
    /// <summary>The argument that makes the program a forger. It is not for people, and so is in no help.</summary>
    public const string Argument = "flood-forger";

    private readonly Socket[] _sockets = [.. Enumerable.Range(0, FloodLimits.Sockets).Select(_ => OverlaySocket.Open(new(IPAddress.Loopback, 0)))];
    private readonly IDatagramEgress[] _ways;
    private readonly DriverStatistics _statistics = new();
    private readonly NetAddress _to;
    private readonly int _rate;
    private volatile bool _isOver;
    private int _at;

    private ForgerProgram(int port, int rate)
    {
        (_to, _rate) = (NetAddress.FromEndPoint(new(IPAddress.Loopback, port)), rate);
        _ways = [.. _sockets.Select(socket => OverlaySocket.MakeEnds(socket, new(IPAddress.Loopback, 0), _statistics).Egress)];
    }

    public static int Run(string[] arguments, TextReader input, TextWriter output)
    {
        using var forger = new ForgerProgram(int.Parse(arguments[0], CultureInfo.InvariantCulture), int.Parse(arguments[1], CultureInfo.InvariantCulture));
        var heard = new List<byte[]>();
        while (input.ReadLine() is { } line && line != "go")
            heard.Add(Convert.FromHexString(line));
        var packets = new ForgedPackets(Enum.Parse<ForgedKind>(arguments[2]), heard);
        var listening = new Thread(() => forger.Listen(packets, input)) { IsBackground = true };
        output.WriteLine("ready");
        output.Flush();
        listening.Start();
        var start = Stopwatch.GetTimestamp();
        var sent = forger.Flood(packets);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sent} {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} {forger.CountReplies()}"));
        output.Flush();
        return 0;
    }

    public void Dispose() => Array.ForEach(_sockets, socket => socket.Dispose());

    private void Listen(ForgedPackets packets, TextReader input)
    {
        while (input.ReadLine() is { } line)
            packets.Hear(Convert.FromHexString(line));
        _isOver = true;
    }

    /// <summary>Keeps to the rate on the whole: what a late wake-up missed is sent at once, as a flood may.</summary>
    private long Flood(ForgedPackets packets)
    {
        var start = Stopwatch.GetTimestamp();
        while (!_isOver)
        {
            var due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * _rate);
            for (var batch = 0; _statistics.DatagramsSent < due && !_isOver; batch++)
                SendBatch(packets.All, _ways[batch % _ways.Length]);
            Thread.Sleep(FloodLimits.Tick);
        }

        return _statistics.DatagramsSent;
    }

    /// <summary>What a full socket does not take waits for the next turn of its way.</summary>
    private void SendBatch(IReadOnlyList<byte[]> packets, IDatagramEgress way)
    {
        way.TryFlush(MonoTime.Zero);
        for (var i = 0; i < FloodLimits.Batch && !way.Draft.IsEmpty; i++)
        {
            var packet = packets[_at++ % packets.Count];
            packet.CopyTo(way.Draft);
            way.Send(MonoTime.Zero, _to, packet.Length);
        }

        way.TryFlush(MonoTime.Zero);
    }

    private long CountReplies()
    {
        var buffer = new byte[SocketLimits.ReceiveBuffer];
        var bytes = 0L;
        foreach (var socket in _sockets)
        {
            while (socket.Available > 0)
                bytes += socket.Receive(buffer);
        }

        return bytes;
    }
}
