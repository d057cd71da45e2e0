using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Policies;
using WeCan.Controller.Service;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>Sets a policy, and tells what became of it.</summary>
internal sealed class PolicySetter(ControllerLoop loop, ILogger log)
{
    /// <summary>The answer; a conflict is a refusal, where another version holds than the order expects.</summary>
    public async Task<(bool IsConflict, LocalAnswer Answer)> SetAsync(PolicyOrder order, CancellationToken cancellation)
    {
        var (outcome, warnings) = await loop.Change((core, now) => (core.SetPolicy(now, order), order.Document.Unmatched(core.History.Snapshot)), cancellation);
        if (outcome.IsConflict)
        {
            return (true, LocalAnswer.Refused(StatusCodes.Status409Conflict, ExitCodes.TemporarilyNot,
                $"It is version {outcome.Now.Version} by now, and not {order.Expected}: look at the difference (\"wecan policy diff {order.Expected}\"), then set again."));
        }

        if (outcome.IsNew)
            ServiceLog.OperatorDid(log, "policy set", $"version={outcome.Now.Version}");
        return (false, LocalAnswer.Done(new(outcome.Now.Version, outcome.IsNew, PolicyDiff.Between(outcome.Before.Text, outcome.Now.Text), warnings), InspectionJson.Default.PolicySetReport));
    }
}
