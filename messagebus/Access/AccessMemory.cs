using System.Collections.Concurrent;
using WeCan.MessageBus.Protocol.Sessions;

namespace WeCan.MessageBus.Access;

/// <summary>By which access each edge was reached last, for all buses of this process: the next one begins with it.</summary>
internal static class AccessMemory
{
    private static readonly ConcurrentDictionary<string, AccessKind> Best = new(StringComparer.Ordinal);

    public static AccessKind? Of(Uri? web) => web is not null && Best.TryGetValue(web.AbsoluteUri, out var best) ? best : null;

    public static void Note(Uri web, AccessKind best)
    {
        // Which of many edges is forgotten does not matter: it costs a head start.
        if (Best.Count >= AccessBounds.Remembered)
            Best.Clear();
        Best[web.AbsoluteUri] = best;
    }
}
