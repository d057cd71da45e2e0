using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>
/// What the subjects begin with under which a session gets answers: <c>space.$inbox.ID.</c>, at every edge the same. The id has the
/// client's name in it, so that nobody else gets it who has seen the session's number, as every subscriber of the client has.
/// </summary>
internal static class InboxName
{
    private const int IdBytes = 16;

    public static byte[] Of(ClientToken token, PublisherName session)
    {
        var name = Encoding.UTF8.GetBytes($"{token.Space}\n{token.Name}\n");
        Span<byte> hashed = stackalloc byte[SHA256.HashSizeInBytes];
        byte[] whole = [.. name, .. new byte[HelloFrame.SessionBytes]];
        session.Write(whole.AsSpan(name.Length));
        SHA256.HashData(whole, hashed);
        return Encoding.UTF8.GetBytes($"{token.Space}.$inbox.{Base64Url.EncodeToString(hashed[..IdBytes])}.");
    }
}
