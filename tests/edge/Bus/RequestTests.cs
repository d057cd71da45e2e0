using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus;

/// <summary>Who asks, who answers, and what neither may.</summary>
public sealed class RequestTests
{
    [Fact]
    public void A_request_is_answered_once_whatever_the_tokens_say()
    {
        var wires = new BusWires(1);
        var ann = wires.Join("ann", BusWires.TokenOf("ann", publish: "shop.prices", subscribe: "shop.news"));
        var service = wires.Join("service", BusWires.TokenOf("service", publish: "shop.news", subscribe: "shop.prices"));
        service.Subscribe("shop.prices");
        wires.Carry();
        var inbox = ann.Subscribe($"{ann.Inbox}>");
        wires.Carry();
        Assert.Contains(inbox, ann.Confirmed);

        ann.Publish("shop.prices", "?"u8, reply: $"{ann.Inbox}1");
        wires.Carry();
        service.Publish($"{ann.Inbox}1", "7 EUR"u8);
        service.Publish($"{ann.Inbox}1", "8 EUR"u8);
        service.Publish($"{ann.Inbox}2", "9 EUR"u8);
        wires.Carry();
        var answer = Assert.Single(ann.Heard);
        Assert.Equal((inbox, $"{ann.Inbox}1", "7 EUR"), (answer.Subscription, answer.Subject, Encoding.UTF8.GetString(answer.Payload)));
        Assert.Equal([(2ul, RefusalReason.NotAllowed), (3ul, RefusalReason.NotAllowed)], service.Refused.Select(refused => (refused.Number, refused.Reason)));
        Assert.Empty(ann.Refused);
    }

    [Fact]
    public void Leave_to_answer_ends()
    {
        var wires = new BusWires(2);
        var ann = wires.Join("ann");
        var service = wires.Join("service");
        service.Subscribe("shop.>");
        wires.Carry();
        ann.Subscribe($"{ann.Inbox}>");
        for (var number = 0; number <= 2 * BusLimits.MaxAnswers; number++)
            ann.Publish("shop.a", [], reply: $"{ann.Inbox}{number}");
        wires.Carry();
        service.Publish($"{ann.Inbox}0", []);
        service.Publish($"{ann.Inbox}{BusLimits.MaxAnswers + 1}", []);
        wires.Carry();
        Assert.Single(ann.Heard);
        wires.Wait(BusLimits.AnswerWindow + BusLimits.AnswerWindow);
        service.Publish($"{ann.Inbox}{2 * BusLimits.MaxAnswers}", []);
        wires.Carry();
        Assert.Single(ann.Heard);
        Assert.Equal(2, service.Refused.Count);
    }

    [Fact]
    public void Where_nobody_is_subscribed_a_request_is_refused_at_once_and_may_be_said_again()
    {
        var wires = new BusWires(3);
        var ann = wires.Join("ann");
        wires.Carry();
        var spy = wires.Join("spy");
        spy.Subscribe("shop.*");
        wires.Carry();
        ann.Publish("shop.a.b", "1"u8, reply: $"{ann.Inbox}1", id: "x");
        ann.Publish("shop.a.b", "2"u8);
        wires.Carry();
        var refused = Assert.Single(ann.Refused);
        Assert.Equal((1ul, RefusalReason.NoResponders, "Nobody is subscribed to shop.a.b who could answer."), (refused.Number, refused.Reason, refused.Words));
        Assert.Equal(2ul, ann.Settled);

        spy.Subscribe("shop.a.>");
        wires.Carry();
        ann.Publish("shop.a.b", "3"u8, reply: $"{ann.Inbox}1", id: "x");
        wires.Carry();
        Assert.Single(ann.Refused);
        Assert.Single(spy.Heard);
    }

    [Fact]
    public void An_inbox_is_its_owner_s_alone()
    {
        var wires = new BusWires(4);
        var ann = wires.Join("ann");
        var spy = wires.Join("spy");
        var twin = wires.Join("ann");
        wires.Carry();
        Assert.StartsWith("shop.$inbox.", ann.Inbox, StringComparison.Ordinal);
        Assert.False(string.Equals(ann.Inbox, twin.Inbox, StringComparison.Ordinal));
        ann.Subscribe($"{ann.Inbox}>");
        spy.Subscribe($"{ann.Inbox}>");
        spy.Subscribe("shop.$inbox.>");
        spy.Subscribe("shop.>");
        twin.Subscribe($"{ann.Inbox}>");
        wires.Carry();
        Assert.Equal(2, spy.Refused.Count);
        Assert.Single(twin.Refused);

        // Who takes the number of another's session, which all of its subscribers know, has an inbox of his own all the same.
        Assert.False(InboxName.Of(BusWires.TokenOf("ann"), new(7)).AsSpan().SequenceEqual(InboxName.Of(BusWires.TokenOf("spy"), new(7))));

        // Nobody asks for answers where it could not hear them, so nobody can make another say there what it may not say itself.
        spy.Publish("shop.a", [], reply: $"{ann.Inbox}1");
        wires.Carry();
        Assert.Contains("does not let its client get answers under", spy.Refused[^1].Words, StringComparison.Ordinal);
        spy.Publish($"{ann.Inbox}1", []);
        wires.Carry();
        Assert.Empty(ann.Heard);
        Assert.Equal(4, spy.Refused.Count);

        // What stands for all does not stand for inboxes.
        ann.Publish("shop.a", [], reply: $"{ann.Inbox}1");
        wires.Carry();
        spy.Publish($"{ann.Inbox}1", "answer"u8);
        wires.Carry();
        Assert.Single(ann.Heard);
        Assert.Equal("shop.a", Assert.Single(spy.Heard).Subject);
    }

    [Fact]
    public void Cuts_lose_and_repeat_no_answer()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var wires = new BusWires(seed);
            var ann = wires.Join("ann");
            var service = wires.Join("service", BusWires.TokenOf("service", publish: "shop.nothing"));
            service.Subscribe("shop.a");
            wires.Carry();
            ann.Subscribe($"{ann.Inbox}>");
            wires.Carry();
            for (var (asked, answered) = (0, 0); answered < 300;)
            {
                if (asked < 300)
                    ann.Publish("shop.a", Encoding.UTF8.GetBytes($"{ann.Inbox}{asked}"), reply: $"{ann.Inbox}{asked++}");
                for (; answered < service.Heard.Count; answered++)
                    service.Publish(Encoding.UTF8.GetString(service.Heard[answered].Payload), []);
                wires.Carry(random.Next(12));
                foreach (var player in (BusPlayer[])[ann, service])
                {
                    if (wires.IsCut(player) ? random.Next(3) == 0 : random.Next(25) == 0)
                    {
                        wires.Cut(player);
                        if (random.Next(2) == 0)
                            wires.Connect(player);
                    }
                    else if (wires.IsCut(player) && random.Next(3) == 0)
                    {
                        wires.Connect(player);
                    }
                }

                wires.Wait(Duration.FromMilliseconds(random.Next(30)));
            }

            foreach (var player in ((BusPlayer[])[ann, service]).Where(wires.IsCut))
                wires.Connect(player);
            Assert.True(wires.Carry());
            Assert.Empty(service.Refused);
            Assert.Equal(string.Join(' ', Enumerable.Range(0, 300).Select(number => $"{ann.Inbox}{number}")), string.Join(' ', ann.Heard.Select(heard => heard.Subject)));
        }
    }
}
