namespace WeCan.Lab.Messages;

/// <summary>From a node process: its socket is open.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Key">Its public key, 64 bytes in Base64.</param>
/// <param name="Notices">What its runtime wants to be read.</param>
internal sealed record NodeHello(string Address, string Key, string[] Notices);
