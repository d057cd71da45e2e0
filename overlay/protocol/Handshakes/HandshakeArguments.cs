using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>What callers of this house must not pass.</summary>
internal static class HandshakeArguments
{
    public static void Check(in P256PublicKey responder, LinkId ownLink)
    {
        if (responder.IsNone)
            throw new ArgumentException("A handshake needs the responder's static key.", nameof(responder));
        Check(ownLink);
    }

    public static void Check(LinkId ownLink)
    {
        if (ownLink == LinkId.None)
            throw new ArgumentException("A link needs an id that is not 0; draw another.", nameof(ownLink));
    }
}
