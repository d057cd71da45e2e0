namespace WeCan.Lab.Daemons;

/// <summary>What a process has used so far.</summary>
internal readonly record struct ProcessFigures(TimeSpan Processor, long Memory);
