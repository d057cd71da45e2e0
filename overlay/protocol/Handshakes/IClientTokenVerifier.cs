namespace WeCan.Protocol.Handshakes;

/// <summary>
/// Tells whether a client's token is good. The edge implements it over signed tokens, tests and benchmarks over fixed ones. Called
/// before anything is kept for the client, with bytes that anybody may have written: it neither throws nor keeps them.
/// </summary>
public interface IClientTokenVerifier
{
    bool TryVerify(ReadOnlySpan<byte> token, out ClientGrant grant);
}
