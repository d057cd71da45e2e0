using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Store;

/// <summary>
/// A member, and what only the controller knows of it: by which TLS keys it is known (the older one as long as the newer was
/// not used), which token let it in, and when, and which authority signed its newest certificate.
/// </summary>
internal sealed record MemberRow(Member Member, Fingerprint TlsKey, Fingerprint OlderTlsKey, ulong Token, UnixTime Joined)
{
    /// <summary>None for what was signed before this was kept.</summary>
    public Fingerprint Issuer { get; init; }
}
