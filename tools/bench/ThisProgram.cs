namespace WeCan.Bench;

/// <summary>This program, to be started once more as what one of its arguments makes of it.</summary>
internal static class ThisProgram
{
    /// <summary>What starts it: started as "dotnet WeCan.Bench.dll", the program is dotnet and we are its first argument.</summary>
    public static string[] Words { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(ThisProgram).Assembly.Location]
        : [Environment.ProcessPath!];
}
