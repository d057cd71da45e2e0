using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

/// <summary>When a silence is death.</summary>
public sealed class SilenceJudgeTests
{
    private static readonly MonoTime Start = MonoTime.FromSeconds(10);
    private static readonly PathView Near = new(new(0.001, 0.02), Duration.FromMilliseconds(30), MonoTime.Never, IsUrgent: true);

    [Fact]
    public void Chance_alone_is_as_likely_as_its_model_says()
    {
        var random = new Random(1);
        var (from, to) = (new LossModel(0.3, 0.5), new LossModel(0.2, 0.2));
        var chance = default(SilenceChance);
        chance.MissPromised(from, to);
        chance.MissAnswer(from, to);
        chance.MissAnswer(from, to);
        chance.MissPromised(from, to);
        var silent = 0;
        for (var trial = 0; trial < 200_000; trial++)
        {
            var lost = false;
            var shut = random.NextDouble() < to.Loss;
            var heard = false;
            foreach (var isAnswer in (ReadOnlySpan<bool>)[false, true, true, false])
            {
                if (isAnswer && (shut = random.NextDouble() < (shut ? to.Stay : to.Enter)))
                    continue;
                lost = random.NextDouble() < (lost ? from.Stay : heard ? from.Enter : from.Loss);
                heard |= !lost;
            }

            silent += heard ? 0 : 1;
        }

        Assert.InRange(chance.Value, silent / 200_000.0 * 0.95, silent / 200_000.0 * 1.05);
    }

    [Fact]
    public void A_pause_of_this_node_is_not_the_peers_silence()
    {
        var judge = Heard(out var history);
        var next = judge.NextTimeout(Near);
        var wokeAt = next + Duration.FromSeconds(5);
        Assert.False(judge.HandleTimeout(wokeAt, Near, history));
        Assert.True(judge.NextTimeout(Near) > wokeAt);
    }

    [Fact]
    public void A_peer_that_was_late_is_given_as_much_time_again()
    {
        var prompt = DiesAfter(Heard(out var history), Start, history);
        Assert.InRange(prompt.Milliseconds, 150, 200);
        var judge = Heard(out history);
        judge.OnHeard(Start + Duration.FromMilliseconds(130), gapless: true);
        var patient = DiesAfter(judge, Start + Duration.FromMilliseconds(130), history);
        Assert.InRange(patient.Milliseconds, prompt.Milliseconds + 75, prompt.Milliseconds + 120);

        // Packets that were lost say nothing of lateness.
        judge = Heard(out history);
        judge.OnHeard(Start + Duration.FromMilliseconds(130), gapless: false);
        Assert.Equal(prompt, DiesAfter(judge, Start + Duration.FromMilliseconds(130), history));
    }

    [Fact]
    public void A_longer_shortest_silence_is_kept()
    {
        var judge = new SilenceJudge(Duration.FromSeconds(1), Start);
        judge.OnHeard(Start, gapless: true);
        judge.OnPromise(Start, LinkLimits.FastInterval);
        Assert.InRange(DiesAfter(judge, Start, Known()).Milliseconds, 1_000, 1_100);
    }

    [Fact]
    public void A_long_round_trip_leaves_only_what_was_promised_to_judge_by()
    {
        var judge = Heard(out var history);
        var far = Near with { AnswerTime = Duration.FromSeconds(4) };
        var needed = history.Cautious.PacketsFor(1e-9);
        Assert.InRange(DiesAfter(judge, Start, history, far).Milliseconds, 50 * needed, (50 * needed) + 20);
    }

    private static SilenceJudge Heard(out LossHistory history)
    {
        history = Known();
        var judge = new SilenceJudge(LinkLimits.ShortestSilence, Start);
        judge.OnHeard(Start, gapless: true);
        judge.OnPromise(Start, LinkLimits.FastInterval);
        return judge;
    }

    /// <summary>Of a path that was seen for minutes to lose nothing.</summary>
    private static LossHistory Known()
    {
        var window = default(ReceiveWindow);
        var history = default(LossHistory);
        for (var number = 0UL; number < 5_000; number++)
        {
            window.Record(number, Start);
            history.Judge(Start, window);
        }

        return history;
    }

    private static Duration DiesAfter(SilenceJudge judge, MonoTime heardAt, in LossHistory history) => DiesAfter(judge, heardAt, history, Near);

    private static Duration DiesAfter(SilenceJudge judge, MonoTime heardAt, in LossHistory history, in PathView path)
    {
        for (var step = 0; step < 10_000; step++)
        {
            var now = judge.NextTimeout(path);
            if (judge.HandleTimeout(now, path, history))
                return now - heardAt;
            if (judge.OwesProbe(now))
                judge.OnProbeSent(now, path);
        }

        return Duration.MaxValue;
    }
}
