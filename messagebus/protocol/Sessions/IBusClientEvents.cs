using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>What happens to a client of the bus; called on the thread that drives it, and lent what it is handed until it returns.</summary>
internal interface IBusClientEvents
{
    /// <summary>The edge answers, and all that is asked for from now on goes there.</summary>
    void OnReady(in WelcomeFrame welcome);

    /// <summary>Every publish that any edge accepts from now on comes to this subscription.</summary>
    void OnSubscribed(uint subscription);

    /// <summary>Nothing more comes to a subscription that was drained.</summary>
    void OnEnded(uint subscription);

    /// <summary>Something is refused; a Realtime message by number 0, and not each.</summary>
    void OnRefused(FrameKind what, ulong number, RefusalReason reason, ReadOnlySpan<byte> words);

    /// <summary>A message for one subscription, from a publisher's session. Whoever has taken it says so by Consume, with its payload's length.</summary>
    void OnMessage(uint subscription, UInt128 publisher, in MessageFrame message);

    /// <summary>The edge has taken all Reliable messages up to this one.</summary>
    void OnAccepted(ulong number);

    /// <summary>The same of a Realtime message, worth something until then; its publisher is 0 while it was not named. Whoever has taken it says so by ConsumeRealtime.</summary>
    void OnRealtime(uint subscription, UInt128 publisher, in MessageFrame message, MonoTime deadline);

    /// <summary>All Reliable messages up to this one are settled.</summary>
    void OnConfirmed(ulong number);

    void OnGap(uint subscription, ulong missed, GapReason reason);

    /// <summary>The edge lets go of the connection, and says why.</summary>
    void OnGoodbye(GoodbyeReason reason, ReadOnlySpan<byte> words);
}
