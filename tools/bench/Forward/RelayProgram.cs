using System.Globalization;
using System.Net;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime;

namespace WeCan.Bench.Forward;

/// <summary>
/// A relay as a process of its own: the overlay's driver with its defaults, and a host that does nothing. It says its address and key
/// in one line, then takes orders: a peer to know, or to say how many bytes it has allocated.
/// </summary>
internal static class RelayProgram
{
    /// <summary>The argument that makes the program a relay. It is not for people, and so is in no help.</summary>
    public const string Argument = "forward-relay";

    public const ushort Id = 2;

    public static int Run(TextReader orders, TextWriter answers)
    {
        using var key = P256KeyPair.Generate(DeterministicRandom.FromNumber(Id));
        using var driver = OverlayDriver.Start(
            new()
            {
                Node = new() { Id = new(Id), Epoch = BootEpochSource.Next(TimeProvider.System, stateFile: null), Key = key },
                Bind = new IPEndPoint(IPAddress.Loopback, 0),
            },
            new IdleHost());
        answers.WriteLine($"{driver.LocalAddress} {Convert.ToBase64String(key.PublicKey.ToArray())}");
        answers.Flush();
        while (orders.ReadLine() is { } order)
        {
            answers.WriteLine(Obey(driver, order.Split(' ')));
            answers.Flush();
        }

        return 0;
    }

    private static string Obey(OverlayDriver driver, string[] words)
    {
        switch (words)
        {
            case ["peer", var id, var text] when P256PublicKey.TryRead(Convert.FromBase64String(text), out var key):
                var peer = new NodeId(ushort.Parse(id, CultureInfo.InvariantCulture));
                driver.Post((node, now) => node.TryAddPeer(now, peer, key, NetAddress.None));
                return "known";
            case ["report"]:
                var statistics = driver.Statistics;
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{GC.GetTotalAllocatedBytes(precise: true)} {statistics.Turns} {statistics.ReceiveCalls} {statistics.DatagramsReceived} {statistics.SendCalls} {statistics.DatagramsSent}");
            default:
                return "what?";
        }
    }

    private sealed class IdleHost : IOverlayHost
    {
        public MonoTime NextTimeout => MonoTime.Never;

        public void OnNotice(string notice) => Console.Error.WriteLine(notice);

        public void OnTimeout(Node node, MonoTime now)
        {
        }

        public void OnMessage(Node node, MonoTime now, in ReceivedMessage message)
        {
        }

        public void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened)
        {
        }

        public void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened)
        {
        }
    }
}
