namespace WeCan.Contracts;

/// <summary>
/// The receiver's name for one incarnation of a link: 32 random bits that the receiving node chose in the handshake and
/// that stand in the clear at the head of every sealed datagram, so that it finds the keys. Zero is none.
/// </summary>
public readonly record struct LinkId(uint Value)
{
    public static readonly LinkId None;

    public override string ToString() => $"l{Value:x8}";
}
