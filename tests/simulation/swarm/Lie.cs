namespace WeCan.Simulation.Tests.Swarm;

/// <summary>What a <see cref="LyingWitness"/> says that is not so.</summary>
public enum Lie
{
    Drop,
    Repeat,
    Swap,
    Change,
    ConfirmEarly,
    ConfirmNothing,
    BreakForNoReason,
    RepeatRealtime,
    DelayRealtime,
    ChangeRealtime,
    DropMulticast,
    RepeatMulticast,
    ChangeMulticast,
    RepeatRealtimeMulticast,
    BreakAsRemoved,
    HideRemoval,
    DropFromClient,
    RepeatFromClient,
}
