using System.Security.Cryptography;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>A public key that tokens are verified with.</summary>
/// <param name="Id">What tokens call it: <c>kid</c>.</param>
/// <param name="Point">Its point on P-256.</param>
/// <param name="Spaces">The spaces that it may sign for; empty for all.</param>
internal sealed record TokenKey(string Id, ECPoint Point, IReadOnlyList<string> Spaces)
{
    public bool MaySign(string space) => Spaces.Count == 0 || Spaces.Contains(space, StringComparer.Ordinal);
}
