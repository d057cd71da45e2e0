namespace WeCan.Controller.Tests.Service;

/// <summary>What can carry a control session.</summary>
public enum Transport
{
    WebSocket,
    Quic,
}
