using WeCan.Contracts;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>How long which access is waited for.</summary>
internal static class AccessLimits
{
    /// <summary>Native access is alone for so long, unless another one was the best before.</summary>
    public static readonly Duration HeadStart = Duration.FromMilliseconds(300);

    /// <summary>An attempt that fails is followed by another after this, and each time twice as long, up to <see cref="LongestPause"/>.</summary>
    public static readonly Duration FirstPause = Duration.FromSeconds(1);

    public static readonly Duration LongestPause = Duration.FromSeconds(30);

    /// <summary>A connection that was lost sooner than this counts as an attempt that failed.</summary>
    public static readonly Duration ShortLife = Duration.FromSeconds(10);

    /// <summary>Native access that was lost has to stand for so long before it is gone back to, and each time twice as long, up to <see cref="LongestTrial"/>.</summary>
    public static readonly Duration FirstTrial = Duration.FromSeconds(5);

    public static readonly Duration LongestTrial = Duration.FromSeconds(60);

    /// <summary>An end of a pipe that has heard or said nothing for so long asks the other whether it is there.</summary>
    public static readonly Duration PingAfter = Duration.FromSeconds(10);

    /// <summary>A pipe over which nothing was heard for so long is lost.</summary>
    public static readonly Duration LostAfter = Duration.FromSeconds(20);
}
