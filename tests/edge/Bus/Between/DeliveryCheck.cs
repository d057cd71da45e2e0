using System.Text;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Tests.Bus.Between;

/// <summary>
/// What the design promises of Reliable messages, held against all that clients were told: each subscription hears each publisher's
/// messages in order and none twice; each that was published after the subscription was confirmed, or a gap is told that covers it.
/// </summary>
internal static class DeliveryCheck
{
    /// <summary>The first broken promise in words, or null.</summary>
    public static string? FirstFault(IReadOnlyCollection<WorldPlayer> players)
    {
        foreach (var listener in players)
        {
            foreach (var record in listener.Records)
            {
                foreach (var publisher in players)
                {
                    if (FaultOf(record, publisher) is { } fault)
                        return $"Subscription {record.Id} of {listener.Number} ({record.Pattern}), messages of {publisher.Number}: {fault}";
                }
            }
        }

        return null;
    }

    private static string? FaultOf(WorldPlayer.Record record, WorldPlayer publisher)
    {
        var heard = record.HeardOf(publisher).ToList();
        for (var index = 1; index < heard.Count; index++)
        {
            if (heard[index] <= heard[index - 1])
                return $"{heard[index]} came after {heard[index - 1]}.";
        }

        if (!record.Told.Exists(told => told.Sign == WorldPlayer.Sign.Confirmed))
            return null;
        var confirmedAt = record.Told.First(told => told.Sign == WorldPlayer.Sign.Confirmed).At;
        var known = heard.ToHashSet();
        for (var number = 0; number < publisher.Published.Count; number++)
        {
            var (subject, at) = publisher.Published[number];
            if (at > confirmedAt && !known.Contains(number) && Wants(record, subject) && !IsCovered(record, at) && !publisher.Refused.Exists(refused => refused.Number == (ulong)number + 1))
                return $"{number}, published at {at}, never came, and no gap was told. It was told {string.Join(", ", record.Told.Where(told => told.Sign != WorldPlayer.Sign.Heard || (told.Publisher == publisher.Number && told.Number >= number - 3)).Select(told => $"{told.Sign} {told.Number} at {told.At}"))}.";
        }

        return null;
    }

    public static bool Wants(WorldPlayer.Record record, string subject)
    {
        var tree = new SubjectTree<int>(1);
        tree.Add(Encoding.UTF8.GetBytes(record.Pattern), 0, out _);
        var counter = new Counter();
        tree.Match(Encoding.UTF8.GetBytes(subject), ref counter);
        return counter.Count > 0;
    }

    /// <summary>A gap was told after the message was published, or before the subscription was confirmed anew behind that time.</summary>
    private static bool IsCovered(WorldPlayer.Record record, MonoTime at)
    {
        for (var index = 0; index < record.Told.Count; index++)
        {
            if (record.Told[index].Sign is not (WorldPlayer.Sign.Gap or WorldPlayer.Sign.Moved))
                continue;
            if (record.Told[index].At >= at)
                return true;
            if (record.Told[index].Sign == WorldPlayer.Sign.Gap)
                continue;
            var again = record.Told.FindIndex(index, told => told.Sign == WorldPlayer.Sign.Confirmed);
            if (again < 0 || record.Told[again].At >= at)
                return true;
        }

        return false;
    }

    private struct Counter : IMatchVisitor<int>
    {
        public int Count;

        public void Visit(int value) => Count++;
    }
}
