namespace WeCan.Controller.Store;

/// <summary>Bounds of what is asked of a database that may be anywhere, and may hang.</summary>
internal static class StoreLimits
{
    /// <summary>A connection to a database stands within this, in whole seconds.</summary>
    public static readonly TimeSpan DatabaseOpens = TimeSpan.FromSeconds(2);

    /// <summary>The database ends by itself a statement that takes it longer.</summary>
    public static readonly TimeSpan DatabaseStatement = TimeSpan.FromSeconds(2);

    /// <summary>Whoever asks a database goes on without an answer after this, whatever has become of the connection.</summary>
    public static readonly TimeSpan DatabaseAnswer = TimeSpan.FromSeconds(3);

    /// <summary>The same for all that a network has, or for changes of its tables.</summary>
    public static readonly TimeSpan DatabaseLoad = TimeSpan.FromSeconds(10);

    /// <summary>The same for the last word of a controller that ends: its lease would end by itself.</summary>
    public static readonly TimeSpan DatabaseRelease = TimeSpan.FromSeconds(1);

    /// <summary>A database whose machine is gone is found out by the system after so many seconds of silence, and as many questions.</summary>
    public const int DatabaseKeepAlive = 2;

    /// <summary>Calls of one line that nobody waits for any more, and that hang still; while there are so many no further one is begun.</summary>
    public const int CallsGivenUp = 8;
}
