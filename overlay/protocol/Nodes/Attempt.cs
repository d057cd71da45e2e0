using WeCan.Contracts;
using WeCan.Protocol.Handshakes;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// A handshake with a member that this node has begun: one initiation, that goes to the member's addresses one after the other, round
/// after round, and when it goes out next.
/// </summary>
internal sealed class Attempt(Peer peer, NodeInitiator initiator, MonoTime now) : IDisposable
{
    public Peer Peer { get; } = peer;

    public NodeInitiator Initiator { get; } = initiator;

    public MonoTime StartedAt { get; } = now;

    /// <summary>How often the initiation went out, wherever to.</summary>
    public int Sends { get; set; }

    /// <summary>When and where it went out last.</summary>
    public MonoTime SentAt { get; set; } = now;

    public NetAddress SentTo { get; set; }

    /// <summary>Rounds begun. They, not the calls, count against an attempt: an address that leads nowhere takes nothing from the others.</summary>
    public int Rounds { get; set; }

    /// <summary>The place of the address whose turn is next; with the first, a round begins.</summary>
    public int Next { get; set; }

    /// <summary>When the present round began, and when the next may.</summary>
    public MonoTime RoundAt { get; set; } = now;

    public MonoTime NextRoundAt { get; set; } = now;

    /// <summary>Between the beginnings of rounds.</summary>
    public Duration Interval { get; set; } = NodeLimits.InitiationRetry;

    public MonoTime NextSendAt { get; set; } = now;

    /// <summary>Cookies that made the initiation go out at once.</summary>
    public int CookiesUsed { get; set; }

    public void Dispose() => Initiator.Dispose();
}
