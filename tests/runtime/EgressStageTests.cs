using WeCan.Contracts;

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
    public async Task ADatagramThatMeetsAFullSocketIsKeptAndGoesFirst()
    {
        Stage? stage = null;
        using var full = new TestNode(1, new(), wrapEgress: inner => stage = new Stage(inner) { RefusesEverySecond = true });
        using var plain = new TestNode(2, new());
        await TestNode.LinkAsync(full, plain);
        await full.AskAsync((_, _) => true);
        Assert.True(stage!.Kept.Count > 0);
        Assert.All(stage.Kept, pair => Assert.Equal(pair.Refused, pair.Next));
    }

    /// <summary>Holds a datagram for a millisecond; plays a full socket if asked to.</summary>
    private sealed class Stage(IDatagramEgress inner) : IDatagramEgress
    {
        private readonly Queue<(MonoTime Due, NetAddress To, byte[] Bytes)> _held = new();
        private string? _refused;
        private int _calls;

        public bool RefusesEverySecond { get; init; }

        public int Sent { get; private set; }

        public List<(string Refused, string Next)> Kept { get; } = [];

        public string? Impairment => "a stage for a test";

        public MonoTime NextDue => _held.TryPeek(out var first) ? first.Due : MonoTime.Never;

        public bool TrySend(MonoTime now, NetAddress to, ReadOnlySpan<byte> datagram)
        {
            var bytes = Convert.ToHexString(datagram);
            if (_refused is not null)
                Kept.Add((_refused, bytes));
            _refused = RefusesEverySecond && ++_calls % 2 == 1 ? bytes : null;
            if (_refused is null)
                _held.Enqueue((now + Duration.FromMilliseconds(1), to, datagram.ToArray()));
            return _refused is null;
        }

        public bool TrySendDue(MonoTime now)
        {
            while (_held.TryPeek(out var first) && first.Due <= now)
            {
                _held.Dequeue();
                inner.TrySend(now, first.To, first.Bytes);
                Sent++;
            }

            return true;
        }
    }
}
