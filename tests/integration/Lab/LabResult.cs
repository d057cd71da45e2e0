namespace WeCan.Integration.Tests.Lab;

/// <summary>What a run of the lab left behind.</summary>
internal sealed record LabResult(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
