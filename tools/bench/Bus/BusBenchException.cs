namespace WeCan.Bench.Bus;

/// <summary>The bus cannot be measured here; the message is one sentence that says why, and what to do.</summary>
internal sealed class BusBenchException : Exception
{
    public BusBenchException()
    {
    }

    public BusBenchException(string message)
        : base(message)
    {
    }

    public BusBenchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
