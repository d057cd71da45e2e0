using WeCan.Contracts.Control;

namespace WeCan.Controller.Service;

/// <summary>How the controller stands after a step: members, sessions, tokens that let somebody in, the membership's version, nodes that report their links, nodes that are out as they fail, and whether it leads and can keep changes.</summary>
internal sealed record LoopStatus(int Members, int Sessions, int Tokens, MembershipVersion Version, int Reporting, int Out, bool Leads);
