namespace WeCan.Protocol.Handshakes;

/// <summary>What a verified token grants. The expiry is the verifier's own measure, handed on to the edge unread.</summary>
public readonly record struct ClientGrant(ClientId Client, long Expiry);
