using WeCan.Contracts;
using WeCan.Controller.Sessions;

namespace WeCan.Controller.Tests.Sessions;

public sealed class RoundTripWatchTests
{
    private readonly RoundTripWatch _watch = new();

    [Fact]
    public void The_answer_to_the_newest_question_tells_how_long_a_word_takes()
    {
        Assert.True(_watch.TryAsk(At(1), out var number));
        _watch.Answer(At(1.5), number + 1);
        Assert.Equal(Duration.FromSeconds(0.5), _watch.At(At(1.5)));
        _watch.Answer(At(3), number);
        Assert.Equal(Duration.FromSeconds(2), _watch.At(At(60)));
    }

    [Fact]
    public void Nobody_is_asked_twice_at_a_time_or_too_often()
    {
        Assert.True(_watch.TryAsk(At(1), out var number));
        Assert.False(_watch.TryAsk(At(30), out _));
        _watch.Answer(At(31), number);
        Assert.True(_watch.TryAsk(At(31), out var next));
        Assert.NotEqual(number, next);
        _watch.Answer(At(31.1), next);
        Assert.False(_watch.TryAsk(At(35.9), out _));
        Assert.True(_watch.TryAsk(At(36), out _));
    }

    [Fact]
    public void An_answer_that_is_awaited_for_longer_than_the_last_counts_while_it_is_awaited()
    {
        Assert.True(_watch.TryAsk(At(1), out var number));
        _watch.Answer(At(1.1), number);
        Assert.True(_watch.TryAsk(At(10), out _));
        Assert.Equal(Duration.FromSeconds(0.1), _watch.At(At(10.05)));
        Assert.Equal(Duration.FromSeconds(4), _watch.At(At(14)));
    }

    private static MonoTime At(double seconds) => MonoTime.FromSeconds(seconds);
}
