using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.MessagePack;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.Protocol.Crypto;

namespace WeCan.Edge.Tests.Bus;

/// <summary>A client that remembers all that it was told.</summary>
internal sealed class BusPlayer : IBusClientEvents
{
    public BusPlayer(ReadOnlySpan<byte> seed) => Client = new(new BlockPool(), new DeterministicRandom(seed), this);

    public BusClient Client { get; }

    public List<(uint Subscription, string Subject, byte[] Payload)> Heard { get; } = [];

    /// <summary>Of each message that was heard, what it had beside its payload.</summary>
    public List<byte[]> Extras { get; } = [];

    public List<(uint Subscription, ulong Number, byte[] Payload)> HeardRealtime { get; } = [];

    public List<(uint Subscription, ulong Missed, GapReason Reason)> Gaps { get; } = [];

    public List<uint> Ended { get; } = [];

    public HashSet<uint> Confirmed { get; } = [];

    public List<(FrameKind What, ulong Number, RefusalReason Reason, string Words)> Refused { get; } = [];

    public List<GoodbyeReason> Goodbyes { get; } = [];

    public ulong Settled { get; private set; }

    public string Inbox { get; private set; } = "";

    public ulong Accepted { get; private set; }

    public int Readies { get; private set; }

    public int Resumptions { get; private set; }

    /// <summary>An application that takes nothing gives no credit back.</summary>
    public bool Reads { get; set; } = true;

    public uint Subscribe(string pattern, OverloadPolicy overload = OverloadPolicy.DropOldest, string group = "") =>
        Client.Subscribe(Encoding.UTF8.GetBytes(pattern), overload, Encoding.UTF8.GetBytes(group));

    public ulong Publish(string subject, ReadOnlySpan<byte> payload, byte priority = 3, uint life = 0, string id = "", string reply = "")
    {
        var extras = new MessageExtras { LifeMilliseconds = life, Id = Encoding.UTF8.GetBytes(id), Reply = Encoding.UTF8.GetBytes(reply) };
        var bytes = extras.IsEmpty ? [] : new byte[extras.Longest];
        var writer = new MessagePackWriter(bytes);
        if (!extras.IsEmpty)
            extras.Write(ref writer);
        return Client.Publish(priority, Encoding.UTF8.GetBytes(subject), payload, bytes.AsSpan(0, (int)writer.BytesWritten));
    }

    public void ReadAll()
    {
        Reads = true;
        foreach (var (subscription, _, payload) in Heard.ToArray())
            Client.Consume(subscription, payload.Length);
    }

    public void OnReady(in WelcomeFrame welcome)
    {
        Readies++;
        Resumptions += welcome.IsResumed ? 1 : 0;
        Inbox = Encoding.UTF8.GetString(welcome.Inbox);
    }

    public void OnSubscribed(uint subscription) => Confirmed.Add(subscription);

    public void OnEnded(uint subscription) => Ended.Add(subscription);

    public void OnRefused(FrameKind what, ulong number, RefusalReason reason, ReadOnlySpan<byte> words) =>
        Refused.Add((what, number, reason, Encoding.UTF8.GetString(words)));

    public void OnMessage(uint subscription, UInt128 publisher, in MessageFrame message)
    {
        Heard.Add((subscription, Encoding.UTF8.GetString(message.Subject), message.Payload.ToArray()));
        Extras.Add(message.Extras.ToArray());
        if (Reads)
            Client.Consume(subscription, message.Payload.Length);
    }

    public void OnAccepted(ulong number) => Accepted = number;

    public void OnRealtime(uint subscription, UInt128 publisher, in MessageFrame message, MonoTime deadline)
    {
        HeardRealtime.Add((subscription, message.Number, message.Payload.ToArray()));
        if (Reads)
            Client.ConsumeRealtime(subscription, message.Payload.Length);
    }

    public void OnConfirmed(ulong number) => Settled = number;

    public void OnGap(uint subscription, ulong missed, GapReason reason) => Gaps.Add((subscription, missed, reason));

    public void OnGoodbye(GoodbyeReason reason, ReadOnlySpan<byte> words) => Goodbyes.Add(reason);
}
