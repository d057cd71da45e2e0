namespace WeCan.Edge.Bus.Web;

/// <summary>By what a client came, of those that bring a pipe of bytes.</summary>
internal enum WebAccess
{
    WebSocket = 0,
    Quic = 1,
}
