using WeCan.Protocol.Handshakes;

namespace WeCan.Protocol.Nodes;

/// <summary>The newest handshake of one client's session, for as long as its link stands.</summary>
internal sealed class AdmittedClient(ClientId client, ulong nonce)
{
    public ClientId Client { get; } = client;

    public ulong Nonce { get; } = nonce;

    /// <summary>The newest initiation taken: older ones are refused.</summary>
    public ulong Counter { get; set; }

    /// <summary>The link that it made.</summary>
    public LinkSlot? Slot { get; set; }

    /// <summary>The link in use, which may be one before it.</summary>
    public LinkSlot? Active { get; set; }

    /// <summary>What it was answered, for the same initiation to be answered alike while the link is pending.</summary>
    public byte[]? Answer { get; set; }
}
