using WeCan.Edge.Bus.Web.Posts;

namespace WeCan.Edge.Bus.Web;

/// <summary>What happened to connections by TLS. Written by any thread.</summary>
internal sealed class WebCounters
{
    private readonly long[] _refused = new long[(int)WebRefusal.NoRoom + 1];
    private readonly long[] _posts = new long[(int)PostEnd.Refused + 1];
    private long _clients;

    /// <summary>Clients that are connected.</summary>
    public long Clients => Interlocked.Read(ref _clients);

    public void Add(int change) => Interlocked.Add(ref _clients, change);

    /// <summary>Connections that came to nothing.</summary>
    public long Refused(WebRefusal why) => Interlocked.Read(ref _refused[(int)why]);

    public void Refuse(WebRefusal why) => Interlocked.Increment(ref _refused[(int)why]);

    /// <summary>Messages that were posted.</summary>
    public long Posts(PostEnd end) => Interlocked.Read(ref _posts[(int)end]);

    public void CountPost(PostEnd end) => Interlocked.Increment(ref _posts[(int)end]);
}
