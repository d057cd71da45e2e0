namespace WeCan.Sockets;

/// <summary>The runtime could not start. The message is one sentence for an operator: what happened, to what, and what to do now.</summary>
public sealed class RuntimeStartException : Exception
{
    public RuntimeStartException()
    {
    }

    public RuntimeStartException(string message)
        : base(message)
    {
    }

    public RuntimeStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
