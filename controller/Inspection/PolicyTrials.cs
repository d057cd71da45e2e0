using Microsoft.AspNetCore.Http;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Policies;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>Tries policies, one at a time, as each costs as much as a computation of all routes.</summary>
internal sealed class PolicyTrials(ControllerLoop loop)
{
    private int _isBusy;

    public async Task<LocalAnswer> RunAsync(PolicyDocument document, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
            return LocalAnswer.Refused(StatusCodes.Status503ServiceUnavailable, ExitCodes.TemporarilyNot, "Another policy is being tried, and one is at a time: ask again in a moment.");
        try
        {
            var (row, trial, warnings) = await loop.Do((core, now) => Take(core, now, document), cancellation);
            await Task.Run(trial.Run, cancellation);
            var report = new PolicyTrialReport
            {
                Version = row.Version,
                Changes = PolicyDiff.Between(row.Text, document.ToText()),
                Warnings = warnings,
                Pairs = trial.Pairs,
                Classes = trial.Classes,
                Examples = trial.Examples,
            };
            return LocalAnswer.Done(report, InspectionJson.Default.PolicyTrialReport);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    private static (PolicyRow Row, PolicyTrial Trial, IReadOnlyList<string> Warnings) Take(ControllerCore core, ControllerTime now, PolicyDocument document)
    {
        var names = core.History.Members.ToDictionary(member => member.Number, member => member.Name);
        return (core.Policies.Newest, new(core.Routing.Under(now.Mono, document), document.ToRoutePolicy(), core.Routing.Table, names), document.Unmatched(core.History.Snapshot));
    }
}
