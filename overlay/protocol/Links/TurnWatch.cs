using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// Whether a link that waits for its turns among a node's links gets fewer than it was to use. It holds one number: how
/// long the link has waited, less what its sending was worth at the rate that its control wants. Pauses by the link's own pace are no
/// waiting, and a wait that two packets sent together make up for is none either.
/// </summary>
internal struct TurnWatch
{
    private Duration _waited;

    /// <summary>It is the link's turn, for which it has waited since then.</summary>
    public bool IsBehind(MonoTime now, MonoTime since, Bandwidth wanted)
    {
        var most = wanted.TimeFor(Pacer.QuantumOf(wanted));
        _waited += now - since;
        var isBehind = _waited > most;
        _waited = Duration.Min(_waited, most);
        return isBehind;
    }

    public void OnSent(int bytes, Bandwidth wanted) => _waited = Duration.Max(_waited - wanted.TimeFor(bytes), Duration.Zero);
}
