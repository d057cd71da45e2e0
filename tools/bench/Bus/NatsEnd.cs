using System.Buffers.Text;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace WeCan.Bench.Bus;

/// <summary>
/// The least client of nats-server that is as fast as it can be: what is published gathers in a buffer that is sent when it is full, what comes is read
/// in large pieces and handed on where it lies.
/// <code>
/// CONNECT {…} | PING | PONG | SUB subject id | PUB subject bytes, payload | MSG subject id bytes, payload     each line and payload ended by CR LF
/// </code>
/// </summary>
internal sealed class NatsEnd : IBusEnd
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Stream _stream;
    private readonly byte[] _out = new byte[BusLimits.NatsWrite];
    private readonly Lock _writing = new();
    private readonly ManualResetEventSlim _answered = new();
    private PayloadTaker? _take;
    private byte[] _line = [];
    private (string Subject, int Length) _lineOf;
    private int _used;

    public NatsEnd(int port, bool isSealed)
    {
        _socket.Connect(IPAddress.Loopback, port);
        var plain = new NetworkStream(_socket);
        var greeting = new byte[4_096];
        var length = 0;
        while (greeting.AsSpan(0, length).IndexOf("\r\n"u8) < 0)
            length += Read(plain, greeting.AsSpan(length));
        _stream = isSealed ? Seal(plain) : plain;
        _stream.Write("CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":false,\"tls_required\":false,\"lang\":\"bench\",\"version\":\"1\"}\r\n"u8);
        new Thread(Receive) { IsBackground = true, Name = "nats" }.Start();
        RoundTrip();
    }

    public void Publish(string subject, ReadOnlyMemory<byte> payload)
    {
        lock (_writing)
        {
            if (_lineOf.Length != payload.Length || !ReferenceEquals(_lineOf.Subject, subject))
                (_line, _lineOf) = (Encoding.UTF8.GetBytes($"PUB {subject} {payload.Length}\r\n"), (subject, payload.Length));
            if (_used + _line.Length + payload.Length + 2 > _out.Length)
                Send();
            _line.CopyTo(_out, _used);
            payload.Span.CopyTo(_out.AsSpan(_used + _line.Length));
            _used += _line.Length + payload.Length;
            _out[_used++] = (byte)'\r';
            _out[_used++] = (byte)'\n';
        }
    }

    public void Flush()
    {
        lock (_writing)
            Send();
    }

    public void Subscribe(string subject, PayloadTaker take)
    {
        _take = take;
        lock (_writing)
            _stream.Write(Encoding.UTF8.GetBytes($"SUB {subject} 1\r\n"));
        RoundTrip();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
        _answered.Dispose();
    }

    private static int Read(Stream stream, Span<byte> buffer) =>
        stream.Read(buffer) is > 0 and var read ? read : throw new IOException("nats-server has closed the connection.");

    private static SslStream Seal(NetworkStream plain)
    {
        // Whose certificate it is does not matter here, only what sealing costs.
        var stream = new SslStream(plain, leaveInnerStreamOpen: false, (_, _, _, _) => true);
        stream.AuthenticateAsClient("localhost");
        return stream;
    }

    private void Send()
    {
        if (_used > 0)
            _stream.Write(_out.AsSpan(0, _used));
        _used = 0;
    }

    private void RoundTrip()
    {
        _answered.Reset();
        lock (_writing)
            _stream.Write("PING\r\n"u8);
        if (!_answered.Wait(BusLimits.AnswerBound))
            throw new BusBenchException("nats-server does not answer.");
    }

    private void Receive()
    {
        var buffer = new byte[BusLimits.NatsRead];
        var held = 0;
        try
        {
            while (true)
            {
                held += Read(_stream, buffer.AsSpan(held));
                var taken = Take(buffer.AsSpan(0, held));
                buffer.AsSpan(taken, held - taken).CopyTo(buffer);
                held -= taken;
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The counts stand still from now on, which is seen.
            return;
        }
    }

    private int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (true)
        {
            var rest = bytes[taken..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
                return taken;
            var line = rest[..(end - 1)];
            if (!line.StartsWith("MSG "u8))
            {
                taken += end + 1;
                Answer(line);
                continue;
            }

            Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out int length, out _);
            if (rest.Length < end + 1 + length + 2)
                return taken;
            _take!(rest.Slice(end + 1, length));
            taken += end + 1 + length + 2;
        }
    }

    private void Answer(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("PONG"u8))
            _answered.Set();
        else if (line.StartsWith("PING"u8))
            Pong();
        else if (line.StartsWith("-ERR"u8))
            Console.Error.WriteLine($"nats-server: {Encoding.UTF8.GetString(line)}");
    }

    private void Pong()
    {
        lock (_writing)
            _stream.Write("PONG\r\n"u8);
    }
}
