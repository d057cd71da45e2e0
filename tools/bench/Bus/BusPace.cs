using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Sockets;
using WeCan.Sockets.Linux;

namespace WeCan.Bench.Bus;

/// <summary>Publishes so many messages a second, each with its time: at each tick what is due then, and what is late is made up for.</summary>
internal sealed class BusPace : BusWork
{
    private readonly IBusEnd _end;
    private readonly string _subject;
    private readonly byte[] _payload;
    private readonly int _rate;

    public BusPace(IBusEnd end, string subject, int bytes, int rate)
    {
        (_end, _subject, _payload, _rate) = (end, subject, new byte[bytes], rate);
        Start();
    }

    protected override void Run()
    {
        // Waits for nothing but the time: nobody knows this socket.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var waiter = new SocketWaiter(silent, silent);
        NativeThread.SharpenTimers();
        var start = Stopwatch.GetTimestamp();
        for (var number = 0L; !IsOver;)
        {
            var due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * _rate);
            while (number < due)
            {
                MessageCount.Write(_payload, ++number, Stopwatch.GetTimestamp());
                _end.Publish(_subject, _payload);
            }

            _end.Flush();
            waiter.Wait(BusLimits.Tick, forWriting: false);
        }
    }
}
