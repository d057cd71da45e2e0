using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Contracts.Control.Traffic;

namespace WeCan.Contracts.Tests.Control;

/// <summary>docs/control.md, "Link reports": all of them once in a session, then the news, at most each second.</summary>
public sealed class NodeReportTests
{
    private static readonly NetworkId Network = new(new(1, 1));

    private readonly NodeSession _session = Open();
    private double _seconds = 1;

    private static MonoTime At(double seconds) => MonoTime.FromSeconds(seconds);

    [Fact]
    public void The_first_report_of_a_session_is_full_and_later_ones_hold_the_news()
    {
        Assert.Equal((true, true, 2), Shape(Report(Link(2, 80), Link(3, 10))));
        Assert.Null(Report(Link(2, 80.1), Link(3, 10)));
        var news = Report(Link(2, 90), Link(3, 10));
        Assert.Equal((false, true, 1), Shape(news));
        Assert.Equal(new(2), news!.Links[0].Peer);
        Assert.Null(Report(Link(2, 90.1), Link(3, 10)));
    }

    [Fact]
    public void A_link_that_is_gone_is_news_and_one_that_is_back_too()
    {
        Report(Link(2, 80), Link(3, 10));
        Assert.Equal([new(new(3), LinkState.Gone)], Report(Link(2, 80))!.Links);
        Assert.Equal([Link(2, 80) with { State = LinkState.Up }, Link(3, 10)], Report(Link(2, 80) with { State = LinkState.Up }, Link(3, 10))!.Links);
    }

    [Fact]
    public void Without_news_the_node_says_now_and_then_that_all_is_as_it_was()
    {
        Report(Link(2, 80));
        var words = Enumerable.Range(0, 30).Count(_ => Report(Link(2, 80)) is { Links.Count: 0 });
        Assert.Equal(10, words);
    }

    [Fact]
    public void A_node_that_is_asked_more_often_speaks_once_a_second()
    {
        Report(Link(2, 80));
        var words = 0;
        for (var i = 0; i < 100; i++)
        {
            _seconds += 0.1 - 1;
            words += Report(Link(2, 80 + (i * 5))) is null ? 0 : 1;
        }

        Assert.InRange(words, 9, 11);
    }

    [Fact]
    public void Many_links_come_in_several_frames_that_are_told_from_the_last()
    {
        var links = Enumerable.Range(1, 1_200).Select(peer => Link(peer, 20)).ToArray();
        Assert.Equal((true, false, ControlLimits.MaxLinksInReport), Shape(Report(links)));
        links[1_100] = Link(1_101, 500);
        Assert.Equal((false, false, ControlLimits.MaxLinksInReport), Shape(Report(links)));
        var last = Report(links);
        Assert.Equal((false, true, 1_200 - (2 * ControlLimits.MaxLinksInReport)), Shape(last));
        Assert.Equal(Link(1_101, 500), last!.Links[76]);
    }

    [Fact]
    public void A_word_on_traffic_is_told_once_and_not_to_nobody()
    {
        var session = new NodeSession(new() { Role = NodeRole.Relay, Epoch = new(1) }, new(Network, new(0)), At(0));
        Assert.False(session.TryTellTraffic(new() { LinkBytesIn = 1 }));
        Assert.True(_session.TryTellTraffic(new() { LinkBytesIn = 2 }));
        Assert.False(_session.TryTellTraffic(new() { LinkBytesIn = 3 }));
        Assert.True(_session.TryPollFrame(out _));
        Assert.True(_session.TryPollFrame(out var frame));
        Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(frame.Span[4..], out var message));
        Assert.Equal(2, Assert.IsType<NodeTrafficMessage>(message).LinkBytesIn);
        Assert.True(_session.TryTellTraffic(new() { LinkBytesIn = 4 }));
    }

    [Theory]
    [InlineData("cf 0004000000000000", ControlReadResult.Read)]
    [InlineData("cf 0004000000000001", ControlReadResult.Malformed)]
    [InlineData("ff", ControlReadResult.Malformed)]
    [InlineData("cf ffffffffffffffff", ControlReadResult.Malformed)]
    public void More_than_can_be_is_malformed(string bytes, ControlReadResult result)
    {
        var payload = Convert.FromHexString($"92 18 86 01 00 02 90 03 {bytes} 04 00 05 90 06 90".Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(result, ControlMessage.TryRead(payload, out _));
    }

    private static NodeSession Open()
    {
        var session = new NodeSession(new() { Role = NodeRole.Relay, Epoch = new(1) }, new(Network, new(0)), At(0));
        Assert.True(session.TryPollFrame(out _));
        session.SetReports(At(0), [Link(9, 9)]);
        Assert.False(session.TryPollFrame(out _));
        session.HandleBytes(At(0), new WelcomeMessage { Network = Network, Number = new(1), Time = new(0) }.ToFrame());
        return session;
    }

    private static LinkReport Link(int peer, double milliseconds) =>
        new(new((ushort)peer), LinkState.Proven) { Rtt = Duration.FromMilliseconds(milliseconds), MinRtt = Duration.FromMilliseconds(milliseconds) };

    private static (bool IsFull, bool IsLast, int Links)? Shape(LinkReportsMessage? message) =>
        message is null ? null : (message.IsFull, message.IsLast, message.Links.Count);

    private LinkReportsMessage? Report(params LinkReport[] links)
    {
        _session.SetReports(At(_seconds), links);
        _seconds++;
        if (!_session.TryPollFrame(out var frame))
            return null;
        Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(frame.Span[4..], out var message));
        return (LinkReportsMessage)message!;
    }
}
