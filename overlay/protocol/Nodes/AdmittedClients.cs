using WeCan.Protocol.Handshakes;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// The sessions of a node's clients, each with its newest link, so that copies of one initiation make one link only.
/// Bounded by the links that stand: a session goes with its newest link.
/// </summary>
internal sealed class AdmittedClients
{
    private readonly Dictionary<(ClientId Client, ulong Nonce), AdmittedClient> _sessions = [];

    public AdmittedClient? Find(ClientId client, ulong nonce) => _sessions.GetValueOrDefault((client, nonce));

    /// <summary>Notes the link of a session's newest handshake and what that was answered.</summary>
    public void Set(ClientInitiation initiation, LinkSlot slot, ReadOnlySpan<byte> answer)
    {
        var key = (initiation.Grant.Client, initiation.SessionNonce);
        if (!_sessions.TryGetValue(key, out var session))
        {
            session = new AdmittedClient(key.Client, key.SessionNonce);
            _sessions.Add(key, session);
        }

        session.Counter = initiation.Counter;
        session.Slot = slot;
        session.Answer = answer.ToArray();
        slot.Admitted = session;
    }

    /// <summary>A client's link is gone, and with it the session, unless that has a newer one.</summary>
    public void OnRemoved(LinkSlot slot)
    {
        if (slot.Admitted is { } session && session.Slot == slot)
            _sessions.Remove((session.Client, session.Nonce));
        if (slot.Admitted?.Active == slot)
            slot.Admitted.Active = null;
        slot.Admitted = null;
    }
}
