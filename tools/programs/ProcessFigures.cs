namespace WeCan.Programs;

/// <summary>What a process has used so far; the processor's time of all of its threads, in steps of 10 ms.</summary>
public readonly record struct ProcessFigures(TimeSpan Processor, long Memory);
