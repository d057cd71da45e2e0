namespace WeCan.Lab;

/// <summary>The lab cannot go on; the message is one sentence for whoever runs it.</summary>
internal sealed class LabException : Exception
{
    public LabException()
    {
    }

    public LabException(string message)
        : base(message)
    {
    }

    public LabException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
