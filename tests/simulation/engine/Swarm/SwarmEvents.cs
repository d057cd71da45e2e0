namespace WeCan.Simulation.Swarm;

/// <summary>Makes what a plan says of memberships, moves, pauses and clients happen in a run.</summary>
internal static class SwarmEvents
{
    public static void Schedule(SwarmPlan plan, SwarmWorld world, SwarmJudge judge, SimulationLoop loop)
    {
        foreach (var told in plan.Memberships)
            loop.At(told.At, () => Tell(told, world, judge, loop));
        foreach (var move in plan.Moves)
            loop.At(move.At, () => Move(move, judge, loop));
        foreach (var pause in plan.Pauses)
        {
            loop.At(pause.At, () =>
            {
                judge.Tell($"{pause}");
                loop.Pause(pause.Place, pause.Until);
            });
        }

        foreach (var client in plan.Clients)
        {
            foreach (var visit in client.Visits)
            {
                loop.At(visit.From, () => Come(client, world, judge, loop));
                if (!visit.Until.IsNever)
                    loop.At(visit.Until, () => Go(client, visit, plan, judge, loop));
            }
        }
    }

    private static void Tell(SwarmMembership told, SwarmWorld world, SwarmJudge judge, SimulationLoop loop)
    {
        judge.Tell($"{told}");
        world.Note(told);
        if (loop.Host(told.Place) is NodeHost)
            loop.Call<NodeHost>(told.Place, (host, now) => host.Handle(told, now));
    }

    /// <summary>A client that has not come yet has no address.</summary>
    private static void Move(SwarmMove move, SwarmJudge judge, SimulationLoop loop)
    {
        if (loop.Address(move.Host).IsNone)
            return;
        judge.Tell($"{move}");
        loop.Move(move.Host, move.Port);
    }

    private static void Come(SwarmClient client, SwarmWorld world, SwarmJudge judge, SimulationLoop loop)
    {
        judge.Tell($"client {client.Index + 1} comes");
        var host = world.Plan.HostOf(client);
        if (loop.Address(host).IsNone)
            loop.AddHost(host, SwarmWorld.Port, context => new ClientHost(context, world, client));
        else
            loop.Restart(host);
    }

    private static void Go(SwarmClient client, SwarmVisit visit, SwarmPlan plan, SwarmJudge judge, SimulationLoop loop)
    {
        judge.Tell($"client {client.Index + 1} {(visit.IsGraceful ? "leaves" : "dies")}");
        var host = plan.HostOf(client);
        if (visit.IsGraceful)
            loop.Call<ClientHost>(host, static (session, _) => session.Session.Close());
        loop.Crash(host);
    }
}
