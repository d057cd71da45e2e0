using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WeCan.Hosting.Tests.Http;

/// <summary>A peer that sends whatever bytes it likes, and reads answers by their length.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
    private readonly List<byte> _unread = [];

    public RawClient(EndPoint server) => _socket.Connect(server);

    public void Send(string text) => _socket.Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends until the other side has ended, or all is sent.</summary>
    public void SendAsFarAsItGoes(byte[] bytes)
    {
        try
        {
            _socket.Send(bytes);
        }
        catch (SocketException)
        {
            // It was cut off.
            return;
        }
    }

    /// <summary>The next answer: its status, its head, and its body.</summary>
    public (int Status, string Head, string Body) Answer(bool hasBody = true)
    {
        Assert.True(TryAnswer(out var answer, hasBody), "The connection ended before an answer.");
        return answer;
    }

    /// <summary>False where the connection ends first.</summary>
    public bool TryAnswer(out (int Status, string Head, string Body) answer, bool hasBody = true)
    {
        answer = default;
        int end;
        while ((end = Encoding.Latin1.GetString([.. _unread]).IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            if (!TryReceive())
                return false;
        }

        var head = Encoding.Latin1.GetString([.. _unread.Take(end)]);
        _unread.RemoveRange(0, end + 4);
        var status = int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture);
        var line = head.Split("\r\n").SingleOrDefault(field => field.StartsWith("Content-Length: ", StringComparison.Ordinal));
        var length = line is null || !hasBody ? 0 : int.Parse(line["Content-Length: ".Length..], CultureInfo.InvariantCulture);
        while (_unread.Count < length)
            Assert.True(TryReceive(), "The connection ended within an answer.");
        var body = Encoding.UTF8.GetString([.. _unread.Take(length)]);
        _unread.RemoveRange(0, length);
        answer = (status, head, body);
        return true;
    }

    /// <summary>There is something to read, or the end.</summary>
    public bool HasNews => _unread.Count > 0 || _socket.Poll(TimeSpan.FromMilliseconds(1), SelectMode.SelectRead);

    /// <summary>Nothing comes any more, and nothing was left.</summary>
    public void AssertEnded() => Assert.False(TryReceive() || _unread.Count > 0, Encoding.Latin1.GetString([.. _unread]));

    /// <summary>Ends without a word.</summary>
    public void Reset()
    {
        _socket.LingerState = new(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private bool TryReceive()
    {
        var bytes = new byte[64 << 10];
        try
        {
            var count = _socket.Receive(bytes);
            _unread.AddRange(bytes[..count]);
            return count > 0;
        }
        catch (SocketException cut) when (cut.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
