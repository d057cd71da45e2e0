namespace WeCan.Edge.Bus.Web;

/// <summary>A connection's place among those who have not said yet who they are. Any thread.</summary>
internal sealed class Stranger
{
    private readonly Strangers _all;

    public Stranger(Strangers all, Action abort)
    {
        (_all, Abort) = (all, abort);
        Place = new(this);
    }

    public Action Abort { get; }

    public LinkedListNode<Stranger> Place { get; }

    /// <summary>When its time began; under the list's lock.</summary>
    public long Since { get; set; }

    /// <summary>Its time begins anew, as it has come a step further or is one again.</summary>
    public void Renew() => _all.Enter(this);

    /// <summary>It is none any more; again does nothing.</summary>
    public void Leave() => _all.Leave(this);
}
