using WeCan.Contracts.Control;

namespace WeCan.Controller.Service;

/// <summary>How the controller stands after a step.</summary>
internal sealed record LoopStatus(int Members, int Sessions, MembershipVersion Version);
