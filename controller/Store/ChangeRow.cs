using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Store;

/// <summary>One change of the membership, the version that it led to, and when it was made.</summary>
internal sealed record ChangeRow(MembershipVersion Version, MemberChange Change, UnixTime At);
