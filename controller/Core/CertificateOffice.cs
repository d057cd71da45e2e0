using WeCan.Contracts.Control;

namespace WeCan.Controller.Core;

/// <summary>
/// What the core needs of cryptography, handed in so that it stays pure: reading a request for a certificate (the fingerprint
/// of its TLS key, none where the request does not prove that its maker has the key), whether an overlay key is a point of
/// the curve, and making certificates.
/// </summary>
internal sealed record CertificateOffice(Func<byte[], Fingerprint> ReadRequest, Func<OverlayKey, bool> IsOnCurve, Func<IssueOrder, IReadOnlyList<byte[]>> Issue);
