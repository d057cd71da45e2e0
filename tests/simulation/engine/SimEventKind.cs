namespace WeCan.Simulation;

/// <summary>What happened in a <see cref="SimEvent"/>.</summary>
public enum SimEventKind
{
    Started,
    Crashed,
    Action,
    Call,
    Datagram,
    Unclaimed,
    Timeout,
    Transmit,
    Moved,
    Paused,
    Resumed,
}
