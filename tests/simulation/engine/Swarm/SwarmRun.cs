using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Executes a plan: a storm, healing, a recovery, a proof that the overlay works, and silence; and judges it all the
/// while. Called from one thread; runs of different seeds share nothing and may go side by side.
/// </summary>
public static class SwarmRun
{
    public static SwarmResult Execute(SwarmPlan plan, SwarmStory? story = null, Func<ISwarmWitness, ISwarmWitness>? before = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var scenario = plan.ParseScenario();
        SimulationLoop? loop = null;
        var judge = new SwarmJudge(plan, () => loop!.Now, story);
        using var world = new SwarmWorld(plan, scenario, before?.Invoke(judge) ?? judge, judge.Tally);
        var options = new SimulationOptions { MaxSteps = SwarmLimits.MaxSteps, MaxStepsPerInstant = SwarmLimits.MaxStepsPerInstant };
        using (loop = new SimulationLoop(scenario, options))
        {
            try
            {
                Run(plan, world, judge, loop, story);
            }
            catch (Exception thrown)
            {
                judge.Complain($"{(thrown is SimulationStuckException ? "" : $"{loop.Position}: ")}{thrown}");
            }

            if (story is not null)
                Sum(plan, loop, story);
            foreach (var link in plan.Links)
                judge.Tally.WireBytes += loop.Network.Counters(link.First, link.Second).SentBytes + loop.Network.Counters(link.Second, link.First).SentBytes;
            return new() { Seed = plan.Seed, Failure = judge.Failure, Fingerprint = loop.Fingerprint, Steps = loop.Steps, Tally = judge.Tally };
        }
    }

    private static void Run(SwarmPlan plan, SwarmWorld world, SwarmJudge judge, SimulationLoop loop, SwarmStory? story)
    {
        if (story is not null)
        {
            var lines = plan.Scenario.Split('\n');
            foreach (var timed in loop.Network.Scenario.Changes)
                story.Tell(timed.At, lines[timed.Line - 1]);
        }

        foreach (var crash in plan.Crashes)
        {
            loop.At(crash.At, () => End(crash, loop));
            loop.At(crash.RestartAt, () => loop.Restart(crash.Place, crash.ClockAfter));
        }

        for (var place = 0; place < plan.Nodes.Length; place++)
            loop.AddHost(place, SwarmWorld.Port, context => Start(context, world, judge));
        SwarmEvents.Schedule(plan, world, judge, loop);
        var calm = new CalmCheck(plan, judge, loop);
        if (!TryReach(plan.HealAt, judge, loop))
            return;
        Enter(SwarmStage.Recovery, world, judge, loop);
        if (!TryRecover(plan, judge, loop))
            return;
        calm.CheckRecovered();
        calm.BeginProof();
        Enter(SwarmStage.Proof, world, judge, loop);
        if (!TryReach(plan.QuietAt, judge, loop))
            return;
        calm.CheckProof();
        Enter(SwarmStage.Idle, world, judge, loop);
        if (!TryReach(plan.IdleAt, judge, loop))
            return;
        calm.BeginIdle();
        if (TryReach(plan.EndAt, judge, loop))
            calm.CheckIdle();
        calm.CheckCounts();
        calm.CheckWholePrice();
    }

    private static void End(SwarmCrash crash, SimulationLoop loop)
    {
        if (crash.IsGraceful && loop.Host(crash.Place) is NodeHost)
            loop.Call<NodeHost>(crash.Place, static (host, _) => host.Node.Shutdown());
        loop.Crash(crash.Place);
    }

    /// <summary>What each node has to say of itself at the end.</summary>
    private static void Sum(SwarmPlan plan, SimulationLoop loop, SwarmStory story)
    {
        for (var place = 0; place < plan.Nodes.Length; place++)
        {
            if (loop.Host(place) is NodeHost host)
                story.TellEnd(NodeSummary.Of(plan.Nodes[place].Name, host.Node));
        }
    }

    private static NodeHost Start(SimHostContext context, SwarmWorld world, SwarmJudge judge)
    {
        judge.OnStarted(context.Host, context.Epoch);
        return new NodeHost(context, world);
    }

    private static void Enter(SwarmStage stage, SwarmWorld world, SwarmJudge judge, SimulationLoop loop)
    {
        judge.Tell($"stage {stage}");
        world.Stage = stage;
        for (var place = 0; place < world.Plan.Nodes.Length; place++)
        {
            if (loop.Host(place) is NodeHost)
                loop.Call<NodeHost>(place, (host, now) => host.Enter(stage, now));
        }

        foreach (var client in world.Plan.Clients)
        {
            if (!loop.Address(world.Plan.HostOf(client)).IsNone && loop.Host(world.Plan.HostOf(client)) is ClientHost)
                loop.Call<ClientHost>(world.Plan.HostOf(client), (host, now) => host.Enter(stage, now));
        }
    }

    /// <summary>Notes when the last message was confirmed, and goes on to the end of the stage.</summary>
    private static bool TryRecover(SwarmPlan plan, SwarmJudge judge, SimulationLoop loop)
    {
        if (loop.RunUntil(plan.ProofAt, () => judge.Failure is not null || judge.Outstanding == 0))
            judge.Tally.RecoverySeconds = (loop.Now - plan.HealAt).Seconds;
        var isReached = TryReach(plan.ProofAt, judge, loop);
        judge.Tally.LinksSeconds = Math.Max((MonoTime.Min(judge.Links.WholeSince, loop.Now) - plan.HealAt).Seconds, 0);
        return isReached;
    }

    /// <summary>False when something was wrong on the way.</summary>
    private static bool TryReach(MonoTime time, SwarmJudge judge, SimulationLoop loop) =>
        !loop.RunUntil(time, () => judge.Failure is not null) && judge.Failure is null;
}
