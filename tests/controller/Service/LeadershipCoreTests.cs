using WeCan.Contracts;
using WeCan.Controller.Service;

namespace WeCan.Controller.Tests.Service;

/// <summary>Each way from one post to another, in virtual time and without a database.</summary>
public sealed class LeadershipCoreTests
{
    private static readonly Duration Life = Of(ServiceLimits.LeaseLife);
    private static readonly Duration Tiny = new(1);

    private readonly LeadershipCore _core = new();
    private MonoTime _now = MonoTime.FromSeconds(5);

    [Fact]
    public void It_stands_by_while_another_leads_and_says_so_once()
    {
        Expect("Take");
        Answer(null, "c2");
        Expect("StandBy c2");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(_now + Of(ServiceLimits.LeaseLook), _core.NextTimeout);
            Wait(ServiceLimits.LeaseLook);
            Expect("Take");
            Answer(null, "c2");
            Expect();
        }

        Wait(ServiceLimits.LeaseLook);
        Expect("Take");
        Answer(null, "c3");
        Expect("StandBy c3");
    }

    [Fact]
    public void It_leads_when_it_has_the_lease_and_has_read_what_belongs_to_it()
    {
        Lead(7);
        Assert.Equal((LeadershipPost.Leads, 7L), (_core.Post, _core.Token));
        for (var i = 0; i < 20; i++)
            Renew(7);
    }

    [Fact]
    public void It_keeps_its_lease_while_it_reads_for_longer_than_a_lease_lives()
    {
        Take(7);
        for (var i = 0; i < 20; i++)
            Renew(7);
        Assert.True(_core.HandleLoaded(7));
        Expect("Lead 7");
    }

    [Fact]
    public void What_was_read_for_a_lease_that_is_lost_is_of_no_use()
    {
        Take(7);
        Wait(ServiceLimits.LeaseRenewal);
        Expect("Renew 7");
        Answer(null, "c2");
        Expect("Overtaken c2", "StandBy c2", "Take");
        Assert.False(_core.HandleLoaded(7));
        _core.HandleLoadFailed(7, "too late");
        Expect();
        Answer(9, "c1");
        Expect("Load 9");
        Assert.False(_core.HandleLoaded(7));
        Assert.True(_core.HandleLoaded(9));
        Expect("Lead 9");
    }

    [Fact]
    public void What_cannot_be_read_is_left_to_another_controller()
    {
        Take(7);
        _core.HandleLoadFailed(7, "damaged");
        Expect("Away damaged", "StandByBlind damaged", "Release 7");
        Assert.Equal((LeadershipPost.Stands, null), (_core.Post, _core.Token));
        Wait(ServiceLimits.LeaseRenewal);
        Expect("Take");
        Answer(8, "c1");
        Expect("Load 8");
        _core.HandleLoadFailed(8, "damaged");
        Expect("Release 8");
        Wait(ServiceLimits.LeaseRenewal);
        Expect("Take");
        Answer(null, "c2");
        Expect("Back", "StandBy c2");
    }

    /// <summary>Whatever becomes of the question: nobody waits for its answer.</summary>
    [Fact]
    public void A_lease_as_old_as_a_lease_lives_is_doubted_while_its_renewal_is_still_under_way()
    {
        Lead(7);
        Wait(ServiceLimits.LeaseRenewal);
        Expect("Renew 7");
        Answer(7, "c1");
        var renewed = _now;
        Wait(ServiceLimits.LeaseRenewal);
        Expect("Renew 7");
        Assert.Equal(renewed + Life, _core.NextTimeout);
        _now = renewed + Life - Tiny;
        Expect();
        _now += Tiny;
        Expect("Away The database does not answer: nothing can be changed until it does.", "Doubt The database does not answer: nothing can be changed until it does.", "AskOthers");
        Assert.Equal(MonoTime.Never, _core.NextTimeout);
        Assert.Equal(LeadershipPost.Doubts, _core.Post);
    }

    [Fact]
    public void One_question_that_fails_is_no_doubt_yet()
    {
        Lead(7);
        Wait(ServiceLimits.LeaseRenewal);
        Expect("Renew 7");
        _core.HandleSilence(_now, "refused");
        Expect("Away refused");
        Assert.Equal(LeadershipPost.Leads, _core.Post);
        Renew(7, "Back");
    }

    [Fact]
    public void A_doubt_ends_when_the_lease_is_renewed_in_time_and_what_the_others_say_then_counts_for_nothing()
    {
        Doubt(7);
        Answer(7, "c1");
        Expect("Renew 7");
        _now += Life - Tiny;
        Answer(7, "c1");
        Expect("Back");
        Assert.Equal(LeadershipPost.Leads, _core.Post);
        _core.HandleOthers(_now, "c2");
        Expect();
        Assert.Equal(LeadershipPost.Leads, _core.Post);
    }

    [Fact]
    public void Who_was_overtaken_while_it_doubted_stands_by_and_looks_again_at_once()
    {
        Doubt(7);
        Answer(null, "c2");
        Expect("Overtaken c2", "Back", "StandBy c2", "Take");
        _core.HandleOthers(_now, "c2");
        Answer(null, "c2");
        Expect();
    }

    /// <summary>Its store says so before its lease does. It has nothing to serve from memory then, whatever becomes of the database.</summary>
    [Fact]
    public void Who_hears_from_its_store_that_another_leads_has_no_lease_any_more()
    {
        Doubt(7);
        _core.HandleFenced(_now, 6);
        Assert.Equal(7L, _core.Token);
        _core.HandleFenced(_now, 7);
        Assert.Equal((LeadershipPost.Stands, null), (_core.Post, _core.Token));
        _core.HandleOthers(_now, null);
        Expect();
        Answer(7, "c1");
        Expect("Take");
        _core.HandleSilence(_now, "silent");
        Expect("StandByBlind silent");
        Wait(ServiceLimits.LeaseLook);
        Expect("Take");
        Answer(null, "c2");
        Expect("Back", "StandBy c2");
    }

    [Fact]
    public void It_serves_while_nobody_leads_and_asks_again_and_again()
    {
        Doubt(7);
        for (var i = 0; i < 5; i++)
        {
            _core.HandleOthers(_now, null);
            Expect();
            Assert.Equal(_now + Of(ServiceLimits.LeaseRenewal), _core.NextTimeout);
            Wait(ServiceLimits.LeaseRenewal);
            Expect("AskOthers");
        }

        _core.HandleSilence(_now, "still silent");
        Expect("Doubt still silent");
        Wait(ServiceLimits.LeaseRenewal);
        Expect("Renew 7");
    }

    [Fact]
    public void It_sends_nodes_on_while_another_says_that_it_leads_and_serves_them_again_when_nobody_does()
    {
        Doubt(7);
        _core.HandleOthers(_now, "c2");
        Expect("SendElsewhere c2");
        Assert.Equal(LeadershipPost.Elsewhere, _core.Post);
        Others("c2");
        Others("c3", "SendElsewhere c3");

        // One that a busy machine missed.
        Others(null);
        Others("c3");
        Others(null);
        Others(null, "Serve The database does not answer: nothing can be changed until it does.");
        Assert.Equal((LeadershipPost.Doubts, 7L), (_core.Post, _core.Token));
        Others(null);
        Others("c3", "SendElsewhere c3");
    }

    [Fact]
    public void Who_has_the_lease_still_when_the_database_is_back_leads_with_what_it_reads_anew()
    {
        Doubt(7);
        _core.HandleOthers(_now, "c2");
        Expect("SendElsewhere c2");
        Answer(7, "c1");
        Expect("Load 7");
        Renew(7);
        Assert.True(_core.HandleLoaded(7));
        Expect("Back", "Lead 7");
    }

    /// <summary>The database answers, and is gone again before all was read; then the other controller goes too.</summary>
    [Fact]
    public void A_database_that_comes_for_a_moment_leaves_who_led_last_able_to_serve()
    {
        Doubt(7);
        _core.HandleOthers(_now, "c2");
        Expect("SendElsewhere c2");
        Answer(7, "c1");
        Expect("Load 7");
        _core.HandleLoadFailed(7, "gone again");
        Expect("Release 7");
        Assert.Equal((LeadershipPost.Elsewhere, 7L), (_core.Post, _core.Token));
        Wait(ServiceLimits.LeaseRenewal);
        Expect("Renew 7", "AskOthers");
        _core.HandleOthers(_now, null);
        Others(null, "Serve gone again");
    }

    [Fact]
    public void Who_stands_by_and_cannot_ask_says_so_and_takes_it_back()
    {
        Expect("Take");
        Answer(null, "c2");
        Expect("StandBy c2");
        for (var i = 0; i < 3; i++)
        {
            Wait(ServiceLimits.LeaseLook);
            Expect("Take");
            _core.HandleSilence(_now, "refused");
            Expect(i == 0 ? ["Away refused", "StandByBlind refused"] : []);
        }

        Wait(ServiceLimits.LeaseLook);
        Expect("Take");
        Answer(null, "c2");
        Expect("Back", "StandBy c2");
    }

    private static Duration Of(TimeSpan span) => new(span.Ticks * 100);

    private void Wait(TimeSpan time) => _now += Of(time);

    private void Answer(long? token, string holder) => _core.HandleLease(_now, new(token, holder));

    private void Take(long token)
    {
        Expect("Take");
        Answer(token, "c1");
        Expect($"Load {token}");
    }

    private void Lead(long token)
    {
        Take(token);
        Assert.True(_core.HandleLoaded(token));
        Expect($"Lead {token}");
    }

    private void Renew(long token, params string[] expected)
    {
        Wait(ServiceLimits.LeaseRenewal);
        Expect($"Renew {token}");
        Answer(token, "c1");
        Expect(expected);
    }

    /// <summary>It led, and has asked the others; its renewal is under way.</summary>
    private void Doubt(long token)
    {
        Lead(token);
        Wait(ServiceLimits.LeaseRenewal);
        Expect($"Renew {token}");
        _now += Life;
        Expect("Away The database does not answer: nothing can be changed until it does.", "Doubt The database does not answer: nothing can be changed until it does.", "AskOthers");
    }

    private void Others(string? leader, params string[] expected)
    {
        Wait(ServiceLimits.LeaseRenewal);
        Expect("AskOthers");
        _core.HandleOthers(_now, leader);
        Expect(expected);
    }

    private void Expect(params string[] expected)
    {
        _core.HandleTimeout(_now);
        var steps = new List<string>();
        while (_core.TryPollStep(out var step))
            steps.Add($"{step.Act} {(step.Token != 0 ? step.Token : step.Text)}".TrimEnd());
        Assert.Equal(string.Join("; ", expected), string.Join("; ", steps));
        Assert.True(_core.NextTimeout > _now);
    }
}
