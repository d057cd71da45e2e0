using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using WeCan.Runtime;
using WeCan.Runtime.Linux;

namespace WeCan.Bench.Flood;

/// <summary>
/// The forger, as a process of its own: takes real datagrams as lines of hexadecimal digits, floods a port from the line "go" on
/// until its input ends, and then says in one line how many packets it sent, within how many milliseconds, and how many bytes came back.
/// </summary>
internal sealed class ForgerProgram : IDisposable
{
    /// <summary>The argument that makes the program a forger. It is not for people, and so is in no help.</summary>
    public const string Argument = "flood-forger";

    private readonly Socket[] _sockets;
    private readonly byte[] _bytes = GC.AllocateArray<byte>(FloodLimits.Batch * RuntimeLimits.ReceiveBuffer, pinned: true);
    private readonly IoVector[] _parts = GC.AllocateArray<IoVector>(FloodLimits.Batch, pinned: true);
    private readonly MessageEntry[] _messages = GC.AllocateArray<MessageEntry>(FloodLimits.Batch, pinned: true);
    private readonly int _rate;
    private volatile bool _isOver;
    private int _at;

    private ForgerProgram(int port, int rate)
    {
        _rate = rate;
        _sockets = [.. Enumerable.Range(0, FloodLimits.Sockets).Select(_ => Open(port))];
        for (var i = 0; i < _messages.Length; i++)
        {
            _parts[i] = new() { Base = Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, i * RuntimeLimits.ReceiveBuffer) };
            _messages[i].Header.Parts = Marshal.UnsafeAddrOfPinnedArrayElement(_parts, i);
            _messages[i].Header.PartCount = 1;
        }
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

    private static Socket Open(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false, SendBufferSize = RuntimeLimits.SocketBufferBytes };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private void Listen(ForgedPackets packets, TextReader input)
    {
        while (input.ReadLine() is { } line)
            packets.Hear(Convert.FromHexString(line));
        _isOver = true;
    }

    /// <summary>Keeps to the rate on the whole: what a late wake-up missed is sent at once, as a flood may.</summary>
    private long Flood(ForgedPackets packets)
    {
        var (sent, start) = (0L, Stopwatch.GetTimestamp());
        while (!_isOver)
        {
            var due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * _rate);
            for (var batch = 0; sent < due && !_isOver; batch++)
                sent += SendBatch(packets.All, _sockets[batch % _sockets.Length]);
            Thread.Sleep(FloodLimits.Tick);
        }

        return sent;
    }

    private int SendBatch(IReadOnlyList<byte[]> packets, Socket socket)
    {
        for (var i = 0; i < _messages.Length; i++)
        {
            var packet = packets[_at++ % packets.Count];
            packet.CopyTo(_bytes, i * RuntimeLimits.ReceiveBuffer);
            _parts[i].Length = packet.Length;
        }

        return Math.Max(0, NativeSocket.Send((int)socket.Handle, _messages));
    }

    private long CountReplies()
    {
        var buffer = new byte[RuntimeLimits.ReceiveBuffer];
        var bytes = 0L;
        foreach (var socket in _sockets)
        {
            while (socket.Available > 0)
                bytes += socket.Receive(buffer);
        }

        return bytes;
    }
}
