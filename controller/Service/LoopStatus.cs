using WeCan.Contracts.Control;
using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Service;

/// <summary>How the controller stands after a step: members, sessions, tokens that let somebody in, the membership's version, nodes that report their links, nodes that are out as they fail, nodes in maintenance, pairs without a way, and whether it leads and can keep changes.</summary>
internal sealed record LoopStatus(int Members, int Sessions, int Tokens, MembershipVersion Version, int Reporting, int Out, int Maintained, PairsWithoutWay WithoutWay, bool Leads);
