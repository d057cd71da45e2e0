using System.Buffers.Binary;
using System.Text;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;

namespace WeCan.Edge.Tests.Bus;

/// <summary>A client on native access that remembers the numbers that it heard.</summary>
internal sealed class GatewayPlayer : IBusClientEvents
{
    public NativeClient Client { get; set; } = null!;

    public List<int> Heard { get; } = [];

    public List<(int Number, MonoTime Deadline)> HeardRealtime { get; } = [];

    public int Confirmed { get; private set; }

    public int Readies { get; private set; }

    public ulong Settled { get; private set; }

    public List<string> Goodbyes { get; } = [];

    /// <summary>Why it was let go of last.</summary>
    public GoodbyeReason Reason { get; private set; }

    public void Subscribe(string pattern) => Client.Bus.Subscribe(Encoding.UTF8.GetBytes(pattern), OverloadPolicy.DropOldest, []);

    public void Publish(string subject, int number, int bytes = 100)
    {
        var payload = new byte[bytes];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        Client.Bus.Publish(3, Encoding.UTF8.GetBytes(subject), payload, []);
    }

    public void PublishRealtime(MonoTime now, string subject, int number, Duration deadline, int bytes = 100, byte priority = 3)
    {
        var payload = new byte[bytes];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        Client.PublishRealtime(now, priority, deadline, Encoding.UTF8.GetBytes(subject), payload, []);
    }

    public void OnReady(in WelcomeFrame welcome) => Readies++;

    public void OnSubscribed(uint subscription) => Confirmed++;

    public List<(FrameKind What, ulong Number)> Refused { get; } = [];

    public void OnRefused(FrameKind what, ulong number, RefusalReason reason, ReadOnlySpan<byte> words) => Refused.Add((what, number));

    public void OnEnded(uint subscription)
    {
    }

    public void OnMessage(uint subscription, UInt128 publisher, in MessageFrame message)
    {
        Heard.Add(BinaryPrimitives.ReadInt32BigEndian(message.Payload));
        Client.Bus.Consume(subscription, message.Payload.Length);
    }

    public void OnAccepted(ulong number)
    {
    }

    public void OnRealtime(uint subscription, UInt128 publisher, in MessageFrame message, MonoTime deadline)
    {
        HeardRealtime.Add((BinaryPrimitives.ReadInt32BigEndian(message.Payload), deadline));
        Client.Bus.ConsumeRealtime(subscription, message.Payload.Length);
    }

    public void OnConfirmed(ulong number) => Settled = number;

    public void OnGap(uint subscription, ulong missed, GapReason reason)
    {
    }

    public void OnGoodbye(GoodbyeReason reason, ReadOnlySpan<byte> words)
    {
        Goodbyes.Add(Encoding.UTF8.GetString(words));
        Reason = reason;
    }
}
