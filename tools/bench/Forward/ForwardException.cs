namespace WeCan.Bench.Forward;

/// <summary>The measurement cannot be made. The message is one sentence: what happened, and what to do now.</summary>
public sealed class ForwardException : Exception
{
    public ForwardException()
    {
    }

    public ForwardException(string message)
        : base(message)
    {
    }

    public ForwardException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
