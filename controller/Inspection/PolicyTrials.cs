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

/// <summary>Tries policies, one at a time, as each costs as much as a computation of all routes: for who asks what one would do, and before one is set.</summary>
internal sealed class PolicyTrials(ControllerLoop loop)
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>What a policy would do, for who asks. Where another is being tried, he is asked to come back.</summary>
    public async Task<LocalAnswer> TellAsync(PolicyDocument document, CancellationToken cancellation)
    {
        if (!await _one.WaitAsync(TimeSpan.Zero, cancellation))
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
                Waiting = trial.Waiting,
                Examples = trial.Examples,
            };
            return LocalAnswer.Done(report, InspectionJson.Default.PolicyTrialReport);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What a policy takes away. Null where it would not be set anyway, as another version holds than the one that it is to replace, or says the same as that.</summary>
    public async Task<PolicyToll?> JudgeAsync(PolicyOrder order, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var (row, trial, members) = await loop.Do((core, now) => core.Policies.Newest is var newest && newest.Version == order.Expected
                ? (newest, Take(core, now, order.Document).Trial, core.History.Members.Count) : (newest, null, 0), cancellation);
            if (trial is null || row.Text == order.Document.ToText())
                return null;
            await Task.Run(trial.Run, cancellation);
            return new(trial.Pairs, trial.Lost, trial.Alone, trial.Examples.FirstOrDefault(pair => pair.After is null)) { IsKnown = trial.Pairs > 0 || members < 2 };
        }
        finally
        {
            _one.Release();
        }
    }

    private static (PolicyRow Row, PolicyTrial Trial, IReadOnlyList<string> Warnings) Take(ControllerCore core, ControllerTime now, PolicyDocument document)
    {
        var names = core.History.Members.ToDictionary(member => member.Number, member => member.Name);
        return (core.Policies.Newest, new(core.Routing.Under(now.Mono, document), document.ToRoutePolicy(), core.Routing.Table, names), document.Unmatched(core.History.Snapshot));
    }
}
