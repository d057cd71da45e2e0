using WeCan.Contracts;
using WeCan.Edge.Tunnels.Streams;
using WeCan.Protocol.Nodes;

namespace WeCan.Edge.Tests.Tunnels.Simulated;

/// <summary>
/// A program, or a target, at the end of a tunnelled connection: it sends so many bytes and finishes, or never does, reads what it has
/// room for, and remembers how it ended. Each byte tells its stream and its place.
/// </summary>
internal sealed class SimStream(int sends, int key) : ILocalStream
{
    public StreamConnection? Connection { get; set; }

    /// <summary>The stream whose bytes it is to receive.</summary>
    public int PeerKey { get; init; }

    /// <summary>Sends its end after its last byte.</summary>
    public bool Finishes { get; init; } = true;

    /// <summary>Bytes that it will read before it stops.</summary>
    public long Room { get; set; } = long.MaxValue;

    public int Sent { get; private set; }

    public int Sends { get; } = sends;

    public long Received { get; private set; }

    public long WrongAt { get; private set; } = -1;

    public bool SawEnd { get; private set; }

    public bool SawReset { get; private set; }

    public bool IsClosed { get; private set; }

    public bool HasFinished { get; private set; }

    /// <summary>Whether the tunnel has done with it.</summary>
    public bool IsOver => IsClosed || SawReset;

    public int MostWaiting { get; private set; }

    public static byte ByteAt(int key, long at) => (byte)((key * 131) + (at * 7) + (at >> 8) + (at >> 16));

    public int Write(ReadOnlySpan<byte> bytes)
    {
        Assert.False(IsOver || SawEnd, "Bytes came after the end.");
        var taken = (int)Math.Min(bytes.Length, Room);
        for (var i = 0; i < taken; i++)
        {
            if (bytes[i] != ByteAt(PeerKey, Received + i) && WrongAt < 0)
                WrongAt = Received + i;
        }

        Received += taken;
        Room -= taken;
        return taken;
    }

    public void FinishWriting()
    {
        Assert.False(IsOver || SawEnd, "The end came twice, or after the end.");
        SawEnd = true;
    }

    public void Close()
    {
        Assert.False(IsOver, "Closed twice.");
        IsClosed = true;
    }

    public void Reset()
    {
        Assert.False(IsOver, "Reset after the end.");
        SawReset = true;
    }

    public void ReadOn()
    {
    }

    /// <summary>As its socket would: hands over what the connection takes.</summary>
    public bool Pump(Node node, MonoTime now)
    {
        if (Connection is not { } connection || IsOver)
            return false;
        MostWaiting = Math.Max(MostWaiting, connection.Waiting);
        var any = false;
        if (Room > 0 && connection.Waiting > 0)
        {
            connection.HandleLocalWritable(node, now);
            any = true;
        }

        Span<byte> bytes = stackalloc byte[20_000];
        while (!IsOver && Sent < Sends && connection.Appetite > 0)
        {
            var part = bytes[..Math.Min(Math.Min(bytes.Length, Sends - Sent), connection.Appetite)];
            for (var i = 0; i < part.Length; i++)
                part[i] = ByteAt(key, Sent + i);
            Sent += part.Length;
            connection.HandleLocal(node, now, part);
            any = true;
        }

        if (IsOver || Sent < Sends || !Finishes || HasFinished)
            return any;
        HasFinished = true;
        connection.HandleLocalEnd(node, now);
        return true;
    }

    /// <summary>The program is killed.</summary>
    public void Kill(Node node, MonoTime now)
    {
        if (IsOver)
            return;
        SawReset = true;
        Connection?.HandleLocalReset(node, now);
    }
}
