using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Runtime.Tests;

public sealed class EgressStageTests
{
    [Fact]
    public async Task AStageBeforeTheSocketIsToldAloudAndCarriesEverything()
    {
        Stage? stage = null;
        using var impaired = new TestNode(1, new(), wrapEgress: inner => stage = new Stage(inner));
        using var plain = new TestNode(2, new());
        await TestNode.LinkAsync(impaired, plain);
        Assert.Contains(impaired.Host.Notices, notice => notice.Contains("IMPAIRED ON PURPOSE", StringComparison.Ordinal)
            && notice.Contains("a stage for a test", StringComparison.Ordinal));
        Assert.DoesNotContain(plain.Host.Notices, notice => notice.Contains("IMPAIRED", StringComparison.Ordinal));
        Assert.True(await impaired.AskAsync((_, _) => stage!.Sent) > 0);
    }

    [Fact]
    public async Task AnEgressThatIsFullEverySecondTimeCarriesEverything()
    {
        Stage? stage = null;
        using var full = new TestNode(1, new(), wrapEgress: inner => stage = new Stage(inner) { IsFullEverySecondTime = true });
        using var plain = new TestNode(2, new());
        await TestNode.LinkAsync(full, plain);
        await full.AskAsync((_, _) => true);
        Assert.True(stage!.Sent > 0);
        Assert.True(stage.Refused > 0);
    }

    /// <summary>Holds a datagram for a millisecond; plays a full socket if asked to.</summary>
    private sealed class Stage(IDatagramEgress inner) : IDatagramEgress
    {
        private readonly Queue<(MonoTime Due, NetAddress To, byte[] Bytes)> _held = new();
        private readonly byte[] _draft = new byte[WireLimits.FullDatagram];
        private int _calls;

        public bool IsFullEverySecondTime { get; init; }

        public int Sent { get; private set; }

        public int Refused { get; private set; }

        public string? Impairment => "a stage for a test";

        public MonoTime NextDue => _held.TryPeek(out var first) ? first.Due : MonoTime.Never;

        public Span<byte> Draft => _draft;

        public void Send(MonoTime now, NetAddress to, int length) =>
            _held.Enqueue((now + Duration.FromMilliseconds(1), to, _draft[..length]));

        public bool TryFlush(MonoTime now)
        {
            if (IsFullEverySecondTime && ++_calls % 2 == 1)
            {
                Refused++;
                return false;
            }

            while (_held.TryPeek(out var first) && first.Due <= now)
            {
                _held.Dequeue();
                first.Bytes.CopyTo(inner.Draft);
                inner.Send(now, first.To, first.Bytes.Length);
                Sent++;
            }

            return inner.TryFlush(now);
        }
    }
}
