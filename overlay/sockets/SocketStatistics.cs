namespace WeCan.Sockets;

/// <summary>What went through sockets since they were opened. Written by the one thread that drives them; others may read at any time.</summary>
public class SocketStatistics
{
    private readonly long[] _sendFailures = new long[(int)SendFailure.Other + 1];

    public long DatagramsReceived { get; internal set; }

    public long BytesReceived { get; internal set; }

    /// <summary>Errors that the system reported while receiving, such as what ICMP said of an earlier datagram.</summary>
    public long ReceiveErrors { get; internal set; }

    public long DatagramsSent { get; internal set; }

    public long BytesSent { get; internal set; }

    /// <summary>How often the socket was full; the datagram was kept and sent when it no longer was.</summary>
    public long SendsDeferred { get; internal set; }

    /// <summary>How often the system was asked for datagrams, and given some.</summary>
    public long ReceiveCalls { get; internal set; }

    public long SendCalls { get; internal set; }

    /// <summary>The system joins datagrams of one sender on their way in (GRO).</summary>
    public bool JoinsReceives { get; internal set; }

    /// <summary>Datagrams to one address leave as one message, which the system cuts (GSO).</summary>
    public bool JoinsSends { get; internal set; }

    public long SendFailures(SendFailure reason) => _sendFailures[(int)reason];

    internal void Add(SendFailure reason) => _sendFailures[(int)reason]++;
}
