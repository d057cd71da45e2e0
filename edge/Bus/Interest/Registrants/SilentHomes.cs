using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Frames;

namespace WeCan.Edge.Bus.Interest.Registrants;

/// <summary>
/// Judges which home is not waited for: one that neither this edge nor the other home has heard for <see cref="InterestLimits.Silence"/>. This edge's
/// silence alone is not enough, as publishers may hear that home well; then the subscription waits.
/// </summary>
internal sealed class SilentHomes(InterestShared shared)
{
    /// <summary>Keeps listening for homes that have not confirmed, and asks their partners.</summary>
    public void Listen(LocalSpace space)
    {
        Listen(space, space.First, space.Second);
        Listen(space, space.Second, space.First);
    }

    public bool IsSilent(LocalSpace space, HomeLink link, HomeLink other)
    {
        if (shared.Find(link.Home) is not { } peer || shared.Now < space.AloneFrom || shared.SilenceOf(peer) < InterestLimits.Silence)
            return false;
        if (other.Home == shared.Self)
            return true;
        return shared.Find(other.Home) is { } witness && witness.Hearsay.TryGetValue(link.Home, out var hearsay)
            && hearsay.AnswerTo + InterestLimits.AnswerFresh >= shared.Now && hearsay.Silence >= InterestLimits.Silence;
    }

    private void Listen(LocalSpace space, HomeLink? link, HomeLink? other)
    {
        if (link is null || other is null || link.Confirmed >= space.Version || shared.Find(link.Home) is not { } peer)
            return;
        shared.Watch(peer, InterestLimits.PingInterval * 2);
        if (shared.SilenceOf(peer) < InterestLimits.PingInterval || shared.Find(other.Home) is not { IsKnown: true } witness)
            return;
        witness.Hearsay.TryGetValue(link.Home, out var hearsay);
        if (hearsay.AskedAt + InterestLimits.PingInterval > shared.Now && hearsay.AskedAt > MonoTime.Zero)
            return;
        hearsay.AskedAt = shared.Now;
        witness.Hearsay[link.Home] = hearsay;
        new AskFrame((ulong)shared.Now.Nanoseconds, link.Home).Write(witness.Asking.Batch);
        shared.MarkReady(witness);
    }
}
