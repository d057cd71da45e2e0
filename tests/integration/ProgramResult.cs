namespace WeCan.Integration.Tests;

/// <summary>What a run of the lab left behind.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
