namespace WeCan.Contracts.Control;

/// <summary>
/// A state of a network's membership. The number counts the changes since the network was made. The mark is the beginning
/// of a hash over all of them, so that two states of one number but of different pasts are told apart: a controller that
/// came back from an older backup counts the same numbers again, and its marks differ. Who has the same version has the
/// same members. Only the controller can tell which of two versions is later, since only it knows the past.
/// </summary>
public readonly record struct MembershipVersion(ulong Number, ulong Mark)
{
    /// <summary>The membership of a network that has never had a member, and what a node holds that was told nothing.</summary>
    public static readonly MembershipVersion None;

    public override string ToString() => $"v{Number}-{Mark:x16}";
}
