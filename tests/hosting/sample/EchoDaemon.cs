using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Sample;

/// <summary>A whole small daemon: it echoes datagrams with a greeting. The tests run it as a process; authors of daemons may begin from it.</summary>
internal static class EchoDaemon
{
    public static DaemonDefinition<EchoOptions> Definition => new()
    {
        Name = "wecan-echo",
        About = "Echoes datagrams.",
        Options = EchoOptions.Read,
        Start = StartAsync,
        MetricsPort = 9469,
    };

    private static Task StartAsync(DaemonContext<EchoOptions> daemon, CancellationToken cancellation)
    {
        var at = daemon.Options.Listen;
        var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(at);
        }
        catch (SocketException failure)
        {
            throw DaemonFailure.Listening("listen", at, failure);
        }

        long echoed = 0;
        var meter = new Meter("WeCan.Echo");
        meter.CreateObservableCounter("wecan_echo_datagrams", () => Volatile.Read(ref echoed), null, "Datagrams that were echoed.");
        daemon.Status = () => $"{Volatile.Read(ref echoed)} datagrams echoed at {socket.LocalEndPoint}";

        var pulse = daemon.AddLoop("echo");
        var stop = new CancellationTokenSource();
        var loop = Task.Factory.StartNew(Echo, TaskCreationOptions.LongRunning);
        daemon.OnDrain("echo", async limit =>
        {
            await stop.CancelAsync();
            await loop.WaitAsync(limit);
        });
        return Task.CompletedTask;

        void Echo()
        {
            var buffer = new byte[2_048];
            var last = daemon.Time.GetTimestamp();
            while (!stop.IsCancellationRequested || daemon.Time.GetElapsedTime(last) < daemon.Options.Linger)
            {
                pulse.Turn();
                if (!socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
                    continue;
                EndPoint from = new IPEndPoint(at.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
                var length = socket.ReceiveFrom(buffer, ref from);
                last = daemon.Time.GetTimestamp();
                socket.SendTo(Encoding.UTF8.GetBytes($"{daemon.Options.Greeting} {Encoding.UTF8.GetString(buffer, 0, length)}"), from);
                Volatile.Write(ref echoed, echoed + 1);
            }

            pulse.End();
        }
    }
}
