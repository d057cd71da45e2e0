using WeCan.Contracts.Control;

namespace WeCan.Controller.Core;

/// <summary>The member that a node has become, or one sentence that says why it has not.</summary>
internal sealed record EnrolOutcome(Member? Member, string Problem)
{
    public static EnrolOutcome Refused(string problem) => new(null, problem);
}
