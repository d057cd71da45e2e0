using WeCan.Edge.Bus.Interest;

namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

/// <summary>What must hold of a world that has been calm for a while.</summary>
internal static class InterestEnd
{
    /// <summary>Everything is confirmed by both homes, and nothing is held.</summary>
    public static void RequireAllConfirmed(InterestWorld world)
    {
        var subscriptions = world.Members.Sum(edge => edge.Subscriptions.Count);
        foreach (var edge in world.Members)
        {
            var sizes = edge.Desk!.Sizes;
            foreach (var subscription in edge.Subscriptions.Values)
            {
                if (subscription.ConfirmedAt is null || !edge.Desk!.IsConfirmedByBoth(subscription.Pattern))
                    throw new InterestFailureException($"{edge} waits for {SimNames.Text(subscription.Pattern)} since {subscription.Since}: {sizes}");
            }

            if (edge.Held.Count > 0)
                throw new InterestFailureException($"{edge} holds {edge.Held.Count} publishes, as {SimNames.Text(edge.Held[0])}: {sizes}");
            if (sizes.Registrations > subscriptions || sizes.Entries > 2 * subscriptions)
                throw new InterestFailureException($"{edge} has more than {subscriptions} subscriptions of all edges can make: {sizes}");
            world.Tally.Largest(sizes);
        }
    }

    /// <summary>Nobody wants anything: nothing is kept for it.</summary>
    public static void RequireNothing(InterestWorld world)
    {
        foreach (var edge in world.Members)
        {
            if (edge.Desk!.Sizes != default)
                throw new InterestFailureException($"{edge} keeps {edge.Desk!.Sizes}");
            if (!edge.Desk!.NextTimeout.IsNever)
                throw new InterestFailureException($"{edge} wakes at {edge.Desk!.NextTimeout} for nothing.");
        }
    }
}
