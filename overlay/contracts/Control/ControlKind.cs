namespace WeCan.Contracts.Control;

/// <summary>What a frame of the control session says. The values are the wire's; a kind that is not here is ignored and counted.</summary>
public enum ControlKind
{
    Ping = 1,
    Pong = 2,
    Goodbye = 3,

    // From a node.
    Hello = 16,
    Ack = 17,
    Resync = 18,
    Renew = 19,
    Addresses = 20,
    Draining = 21,
    LinkReports = 22,
    RoutesHeld = 23,
    NodeTraffic = 24,
    AccessHeld = 25,

    // From the controller.
    Welcome = 32,
    Snapshot = 33,
    Delta = 34,
    Certificate = 35,
    Refusal = 36,
    Routes = 37,
    Access = 38,
}
