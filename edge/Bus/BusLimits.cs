using WeCan.Contracts;

namespace WeCan.Edge.Bus;

/// <summary>What the bus keeps for the clients of an edge.</summary>
internal static class BusLimits
{
    /// <summary>So long a client whose link stands may say nothing before its greeting, and is left to hear why it was let go.</summary>
    public static readonly Duration GreetingTime = Duration.FromSeconds(10);

    public static readonly Duration PartingTime = Duration.FromSeconds(1);

    /// <summary>Bytes that a session has been sent, or is about to be, and has not said to have; from then on its subscriptions wait.</summary>
    public const int MaxUnreceived = 4 << 20;

    /// <summary>Messages that wait for one subscription.</summary>
    public const int MaxWaiting = 4_096;

    /// <summary>Their bytes; a single message may be longer.</summary>
    public const int MaxWaitingBytes = 1 << 20;

    /// <summary>
    /// The same of a subscription that pushes back: from <see cref="MaxWaiting"/> and <see cref="MaxWaitingBytes"/> on publishers get no confirmation, and from here on they are
    /// refused.
    /// </summary>
    public const int MaxPushedBack = 131_072;

    public const int MaxPushedBackBytes = 16 << 20;

    /// <summary>A subscription that pushes back and takes nothing for so long is waited for no longer; looked at so often.</summary>
    public static readonly Duration PushBackPatience = Duration.FromSeconds(30);

    public static readonly Duration PushBackLook = Duration.FromSeconds(1);

    /// <summary>Bytes that wait for all subscriptions of a session, and of all sessions.</summary>
    public const long MaxWaitingOfSession = 24 << 20;

    public const long MaxWaitingInAll = 1L << 30;

    /// <summary>Messages of one publisher that an edge has taken and not confirmed; the next is refused.</summary>
    public const int MaxUnconfirmed = 1 << 20;

    /// <summary>What a message that waits takes beside its own bytes.</summary>
    public const int WaitingOverhead = 256;

    /// <summary>Ids of messages that an edge knows of one client, and as many that are older; for so long, and as long again.</summary>
    public const int MaxIds = 2_048;

    public static readonly Duration IdGeneration = Duration.FromSeconds(120);

    /// <summary>Answers that a session may give where its token does not let it publish, and as many older ones; for so long, and as long again.</summary>
    public const int MaxAnswers = 16_384;

    public static readonly Duration AnswerWindow = Duration.FromSeconds(120);

    /// <summary>Members of a queue group that are looked at for one message, while one of them is there.</summary>
    public const int GroupLook = 16;

    /// <summary>Clients that are judged anew in one turn when keys or revocations change.</summary>
    public const int JudgedAtOnce = 256;

    /// <summary>Sessions that an edge keeps, connected or not.</summary>
    public const int MaxSessions = 65_536;

    /// <summary>Publishers that a session is told of by number; then the numbers are given anew.</summary>
    public const int MaxPublishers = 4_096;

    /// <summary>The longest payload that is taken.</summary>
    public const int MaxPayload = 1 << 20;

    /// <summary>A client whose Realtime messages are refused is told so again after this.</summary>
    public static readonly Duration RealtimeRefusalPause = Duration.FromSeconds(1);
}
