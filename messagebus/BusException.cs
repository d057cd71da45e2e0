namespace WeCan.MessageBus;

/// <summary>The bus did not do what it was asked for; the message says why and what to do.</summary>
public sealed class BusException : Exception
{
    /// <summary>A failure without words.</summary>
    public BusException()
    {
    }

    /// <summary>A failure.</summary>
    public BusException(string message)
        : base(message)
    {
    }

    /// <summary>A failure of a kind.</summary>
    public BusException(string message, BusError error)
        : base(message) => Error = error;

    /// <summary>A failure, and what caused it.</summary>
    public BusException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Which kind of failure it is.</summary>
    public BusError Error { get; }
}
