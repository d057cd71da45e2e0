namespace WeCan.Programs;

/// <summary>A program could not be found, started, or did not do what was waited for; the message is for whoever runs the tool.</summary>
public sealed class ProgramException : Exception
{
    public ProgramException()
    {
    }

    public ProgramException(string message)
        : base(message)
    {
    }

    public ProgramException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
