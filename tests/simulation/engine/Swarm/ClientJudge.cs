using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Holds what clients and their edges see of their flows against the promises: while a link stands, Signal and Bulk once, in order and
/// unchanged, and confirmed only when delivered; Realtime once, unchanged, and never late.
/// </summary>
internal sealed class ClientJudge(SwarmPlan plan, SwarmJudge judge, Func<MonoTime> now)
{
    public const int Head = sizeof(uint) + sizeof(ulong);

    private readonly List<ClientUse> _uses = [];
    private byte[] _expected = [];

    public IEnumerable<ClientUse> Unfinished => _uses.Where(use => use.Outstanding > 0);

    /// <summary>Writes a message that tells whose it is.</summary>
    public static void Fill(Span<byte> message, uint use, ulong number)
    {
        for (var i = Head; i < message.Length; i++)
            message[i] = (byte)SwarmContent.Word(use, number, (ulong)i);
        BinaryPrimitives.WriteUInt32LittleEndian(message, use);
        BinaryPrimitives.WriteUInt64LittleEndian(message[sizeof(uint)..], number);
    }

    public static int SizeOf(uint use, ulong number, int most) => Head + (int)(SwarmContent.Word(use, number, ulong.MaxValue) % (ulong)most);

    public ClientUse OnOpened(int client, bool isUp, ServiceClass serviceClass, Duration deadline)
    {
        var use = new ClientUse((uint)_uses.Count, client, isUp, serviceClass, deadline);
        _uses.Add(use);
        judge.Tell($"{use} opens");
        return use;
    }

    public void OnAccepted(ClientUse use) => use.SentAt.Add(now());

    public void OnConfirmed(ClientUse use, ulong messages)
    {
        if (use.Class == ServiceClass.Realtime)
            judge.Complain($"{use} was confirmed, which Realtime never is");
        else if (messages > use.Delivered)
            judge.Complain($"{use}: {messages} messages were confirmed, and {use.Delivered} delivered");
        use.Confirmed = messages;
    }

    public void OnEnded(ClientUse use, in TransportEvent end)
    {
        judge.Tell($"{use}: {end.Kind} {end.Reason}");
        use.IsEnded = true;
        if (end.Reason != FlowEndReason.LinkGone)
            judge.Complain($"{use} ended: {end.Kind} {end.Reason}");
    }

    /// <summary>One end's program is gone, and with it the flows that it had opened.</summary>
    public void OnDied(int client, bool isUp)
    {
        foreach (var use in _uses.Where(use => use.Client == client && use.IsUp == isUp))
            use.IsEnded = true;
    }

    public void OnEdgeDied(int place)
    {
        foreach (var client in plan.Clients.Where(client => client.Edge == place))
            OnDied(client.Index, isUp: false);
    }

    public void OnDelivered(int client, bool isUp, ServiceClass serviceClass, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Head || BinaryPrimitives.ReadUInt32LittleEndian(payload) is var number && number >= _uses.Count
            || _uses[(int)number] is var use && (use.Client != client || use.IsUp != isUp || use.Class != serviceClass))
        {
            judge.Complain($"client {client + 1} or its edge got a {serviceClass} message of {payload.Length} bytes that nobody sent it");
            return;
        }

        var message = BinaryPrimitives.ReadUInt64LittleEndian(payload[sizeof(uint)..]);
        if (_expected.Length < payload.Length)
            _expected = new byte[payload.Length];
        Fill(_expected.AsSpan(0, payload.Length), number, message);
        if (message >= (ulong)use.SentAt.Count || !payload.SequenceEqual(_expected.AsSpan(0, payload.Length)))
            judge.Complain($"{use}: message {message} came changed");
        else if (serviceClass != ServiceClass.Realtime && message != use.Delivered)
            judge.Complain($"{use}: message {message} came in place of {use.Delivered}");
        else if (serviceClass == ServiceClass.Realtime && !use.Seen.Add(message))
            judge.Complain($"{use}: message {message} came twice");
        else if (serviceClass == ServiceClass.Realtime && now() - use.SentAt[(int)message] > use.Deadline + SwarmLimits.LongestQueue + SwarmLimits.DriftAllowance)
            judge.Complain($"{use}: message {message} came {now() - use.SentAt[(int)message]} after it was sent");
        use.Delivered++;
    }
}
