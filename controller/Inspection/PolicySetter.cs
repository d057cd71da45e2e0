using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Policies;
using WeCan.Controller.Service;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>
/// Sets a policy, and tells what became of it and what it takes away. One that leaves pairs of nodes without any way is set only for who
/// says that he means it.
/// </summary>
internal sealed class PolicySetter(ControllerLoop loop, PolicyTrials trials, ILogger log)
{
    /// <summary>The answer; a conflict is a refusal, where another version holds than the order expects.</summary>
    /// <param name="order">What is to hold.</param>
    /// <param name="isForced">Also where pairs lose every way.</param>
    /// <param name="notes">What is to be told of it besides.</param>
    /// <param name="cancellation">Nobody waits for it any more.</param>
    public async Task<(bool IsConflict, LocalAnswer Answer)> SetAsync(PolicyOrder order, bool isForced, IReadOnlyList<string> notes, CancellationToken cancellation)
    {
        var toll = await trials.JudgeAsync(order, cancellation);
        if (!isForced && toll?.Refusal is { } refusal)
            return (false, LocalAnswer.Refused(StatusCodes.Status422UnprocessableEntity, ExitCodes.Usage, refusal));
        var (outcome, warnings) = await loop.Change((core, now) => (core.SetPolicy(now, order), order.Document.Unmatched(core.History.Snapshot)), cancellation);
        if (outcome.IsConflict)
        {
            return (true, LocalAnswer.Refused(StatusCodes.Status409Conflict, ExitCodes.TemporarilyNot,
                $"It is version {outcome.Now.Version} by now, and not {order.Expected}: look at the difference (\"wecan policy diff {order.Expected}\"), then set again."));
        }

        if (outcome.IsNew)
            ServiceLog.OperatorDid(log, "policy set", $"version={outcome.Now.Version}");
        return (false, LocalAnswer.Done(new(outcome.Now.Version, outcome.IsNew, PolicyDiff.Between(outcome.Before.Text, outcome.Now.Text), [.. notes, .. warnings, .. toll?.Warnings ?? []]), InspectionJson.Default.PolicySetReport));
    }
}
