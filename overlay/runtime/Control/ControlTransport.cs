namespace WeCan.Runtime.Control;

/// <summary>What carries a control session.</summary>
public enum ControlTransport
{
    WebSocket,
    Quic,
}
