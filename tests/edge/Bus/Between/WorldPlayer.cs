using System.Buffers.Binary;
using System.Text;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;

namespace WeCan.Edge.Tests.Bus.Between;

/// <summary>A client in a world of edges: it keeps what it published and when, and of each subscription all that was told, in its order.</summary>
internal sealed class WorldPlayer(EdgeWorld world, int number) : IBusClientEvents
{
    private readonly Dictionary<uint, Record> _records = [];

    public NativeClient Client { get; set; } = null!;

    public int Number { get; } = number;

    public List<(string Subject, MonoTime At)> Published { get; } = [];

    public IEnumerable<Record> Records => _records.Values;

    public List<(int Publisher, int Number, MonoTime At)> Realtime { get; } = [];

    public List<(ulong Number, RefusalReason Reason)> Refused { get; } = [];

    public int RealtimePublished { get; private set; }

    public ulong Settled { get; private set; }

    public int Readies { get; private set; }

    public Record Subscribe(string pattern)
    {
        var record = new Record(pattern);
        record.Id = Client.Bus.Subscribe(Encoding.UTF8.GetBytes(pattern), OverloadPolicy.DropOldest, []);
        _records.Add(record.Id, record);
        return record;
    }

    public void Unsubscribe(Record record)
    {
        _records.Remove(record.Id);
        Client.Bus.Unsubscribe(record.Id);
    }

    public void Publish(string subject, int bytes = 100, byte priority = 3)
    {
        Client.Bus.Publish(priority, Encoding.UTF8.GetBytes(subject), Payload(Published.Count, bytes), []);
        Published.Add((subject, world.Now));
    }

    public void PublishRealtime(string subject, Duration deadline, int bytes = 100) =>
        Client.PublishRealtime(world.Now, 3, deadline, Encoding.UTF8.GetBytes(subject), Payload(RealtimePublished++, bytes), []);

    public void OnReady(in WelcomeFrame welcome) => Readies++;

    public void OnSubscribed(uint subscription)
    {
        if (_records.TryGetValue(subscription, out var record))
            record.Told.Add(new(Sign.Confirmed, 0, 0, world.Now));
    }

    public void OnRefused(FrameKind what, ulong number, RefusalReason reason, ReadOnlySpan<byte> words) => Refused.Add((number, reason));

    public void OnMessage(uint subscription, UInt128 publisherName, in MessageFrame message)
    {
        var (publisher, index) = Read(message.Payload);
        _records[subscription].Told.Add(new(Sign.Heard, publisher, index, world.Now));
        Client.Bus.Consume(subscription, message.Payload.Length);
    }

    public void OnRealtime(uint subscription, UInt128 publisherName, in MessageFrame message, MonoTime deadline)
    {
        var (publisher, index) = Read(message.Payload);
        Assert.True(deadline >= world.Now);
        Realtime.Add((publisher, index, world.Now));
        Client.Bus.ConsumeRealtime(subscription, message.Payload.Length);
    }

    public void OnAccepted(ulong number)
    {
    }

    public void OnEnded(uint subscription)
    {
    }

    public void OnConfirmed(ulong number) => Settled = number;

    public void OnGap(uint subscription, ulong missed, GapReason reason)
    {
        if (_records.TryGetValue(subscription, out var record))
            record.Told.Add(new(reason == GapReason.Moved ? Sign.Moved : Sign.Gap, 0, 0, world.Now));
    }

    public void OnGoodbye(GoodbyeReason reason, ReadOnlySpan<byte> words)
    {
    }

    private byte[] Payload(int index, int bytes)
    {
        var payload = new byte[Math.Max(bytes, 8)];
        BinaryPrimitives.WriteInt32BigEndian(payload, Number);
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(4), index);
        payload.AsSpan(8).Fill((byte)index);
        return payload;
    }

    private static (int Publisher, int Index) Read(ReadOnlySpan<byte> payload)
    {
        var index = BinaryPrimitives.ReadInt32BigEndian(payload[4..]);
        Assert.False(payload[8..].ContainsAnyExcept((byte)index));
        return (BinaryPrimitives.ReadInt32BigEndian(payload), index);
    }

    internal enum Sign
    {
        Confirmed,
        Heard,
        Gap,
        Moved,
    }

    internal readonly record struct Told(Sign Sign, int Publisher, int Number, MonoTime At);

    /// <summary>A subscription, and what it was told.</summary>
    internal sealed class Record(string pattern)
    {
        public string Pattern { get; } = pattern;

        public uint Id { get; set; }

        public List<Told> Told { get; } = [];

        /// <summary>In the session that it is in now.</summary>
        public bool IsConfirmed => Told.FindLastIndex(told => told.Sign == Sign.Confirmed) > Told.FindLastIndex(told => told.Sign == Sign.Moved);

        public IEnumerable<int> HeardOf(WorldPlayer publisher) => Told.Where(told => told.Sign == Sign.Heard && told.Publisher == publisher.Number).Select(told => told.Number);
    }
}
