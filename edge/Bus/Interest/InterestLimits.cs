using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest;

/// <summary>The bounds and times of interest between edges: docs/decisions/0053 says what they must be to each other.</summary>
internal static class InterestLimits
{
    /// <summary>The longest message between two desks.</summary>
    public const int MaxMessage = 16 << 10;

    /// <summary>Patterns and edges of a slice when it is given; a subject's own slice may have more.</summary>
    public const int SliceEntries = 256;

    /// <summary>A slice that has grown beyond this is ended.</summary>
    public const int SliceEntriesAtMost = 512;

    /// <summary>Pairs in one frame of a slice.</summary>
    public const int EntriesPerFrame = 32;

    /// <summary>Slices that a home gives to one follower, those asked for included.</summary>
    public const int MaxSlices = 16_384;

    /// <summary>Slices of one space that are asked for at one home at once: most of what waits is in the first that comes.</summary>
    public const int MaxAsking = 16;

    /// <summary>Patterns of one registrant at a home; what is beyond is not taken, and never confirmed.</summary>
    public const int MaxPatterns = 2_000_000;

    /// <summary>Spaces in which one registrant has patterns at a home.</summary>
    public const int MaxSpaces = 262_144;

    /// <summary>Versions of one registrant in one space that wait to be confirmed; beyond, the newest wait together.</summary>
    public const int MaxUnconfirmed = 64;

    /// <summary>What waits for a message to one edge, of registrations or of a home's answers; beyond, the two begin anew with each other.</summary>
    public const int MaxWaiting = 4 << 20;

    /// <summary>A buffer of this size may stay when it is empty.</summary>
    public const int KeptBuffer = 64 << 10;

    /// <summary>Places of the table of local patterns that one message may walk over.</summary>
    public const int WalkedPerMessage = 65_536;

    /// <summary>Memberships that are remembered for when an edge came into a pair.</summary>
    public const int MaxViews = 16;

    /// <summary>What has to be looked at now and then is looked at so often, while there is any.</summary>
    public static readonly Duration Beat = Duration.FromMilliseconds(100);

    /// <summary>The same, where only Pings are to be sent.</summary>
    public static readonly Duration QuietBeat = Duration.FromMilliseconds(250);

    /// <summary>Between two Pings to an edge that is followed or watched.</summary>
    public static readonly Duration PingInterval = Duration.FromMilliseconds(500);

    /// <summary>So long after it sent a Ping that was answered a follower may publish by what the home has told.</summary>
    public static readonly Duration Lease = Duration.FromSeconds(2);

    /// <summary>So much longer the home reckons with it, for clocks of which one runs fast.</summary>
    public static readonly Duration LeaseGrace = Duration.FromMilliseconds(100);

    /// <summary>What is not heard for so long is not waited for.</summary>
    public static readonly Duration Silence = Duration.FromSeconds(4);

    /// <summary>
    /// A home that has just become one gives slices after this even if not every member has told what it has: longer than <see cref="Silence"/>, as
    /// one that was parted for so long, or whose flows broke, needs time to tell.
    /// </summary>
    public static readonly Duration OpenAnyway = Duration.FromSeconds(6);

    /// <summary>The most by which one edge has a membership later than another, where they can talk to each other.</summary>
    public static readonly Duration MembershipSkew = Duration.FromSeconds(2);

    /// <summary>A home that has just become one confirms nothing before: who relied on others has heard that they are none, or has no lease any more.</summary>
    public static readonly Duration Settle = MembershipSkew + Lease + LeaseGrace;

    /// <summary>An answer about a third edge is good for so long after it was asked for.</summary>
    public static readonly Duration AnswerFresh = Duration.FromSeconds(2);

    /// <summary>An edge that was asked about is listened for so long.</summary>
    public static readonly Duration WatchFor = Duration.FromSeconds(5);

    /// <summary>A home that refused is asked again after this.</summary>
    public static readonly Duration RetryAfter = Duration.FromMilliseconds(500);

    /// <summary>A pattern stays so long without a subscriber.</summary>
    public static readonly Duration Linger = Duration.FromSeconds(1);

    /// <summary>A slice that no publish has used for so long is let go of.</summary>
    public static readonly Duration SliceUnused = Duration.FromSeconds(60);

    /// <summary>Between two looks for such slices.</summary>
    public static readonly Duration SweepInterval = Duration.FromSeconds(5);
}
