using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Protocol.Handshakes;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>What a token says, before it is signed or once its signature was found good.</summary>
internal sealed record ClientToken
{
    public required string Space { get; init; }

    /// <summary>Who the client is within its space: the claim <c>sub</c>.</summary>
    public required string Name { get; init; }

    public required UnixTime Expires { get; init; }

    public UnixTime? NotBefore { get; init; }

    /// <summary>The claim <c>iat</c>.</summary>
    public UnixTime? Issued { get; init; }

    /// <summary>The key that it was found to be signed with; null before that.</summary>
    public TokenKey? Key { get; init; }

    /// <summary>
    /// When it was issued at the earliest: who does not say when is taken to have done so as early as a token with this end may be, so
    /// that what takes back all that was issued until some time takes back this one.
    /// </summary>
    public UnixTime IssuedNotBefore => Issued ?? Expires - AccessLimits.MaxTokenLife;

    /// <summary>The claim <c>jti</c>, by which one token can be taken back.</summary>
    public string? Id { get; init; }

    public PermissionList Publish { get; init; } = PermissionList.None;

    public PermissionList Subscribe { get; init; } = PermissionList.None;

    /// <summary>The same for each token of a client, and another for each client of any space, as far as 64 bits tell.</summary>
    public ClientId Client
    {
        get
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes($"{Space}\n{Name}"), hash);
            return new(Math.Max(1, BinaryPrimitives.ReadUInt64BigEndian(hash)));
        }
    }
}
