namespace WeCan.Bench.Tunnel;

/// <summary>Tunnels cannot be measured here; the message is one sentence that says what is missing.</summary>
internal sealed class TunnelException : Exception
{
    public TunnelException()
    {
    }

    public TunnelException(string message)
        : base(message)
    {
    }

    public TunnelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
