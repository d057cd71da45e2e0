namespace WeCan.Lab.Messages;

/// <summary>To a node process, first: who it is. Its key it makes itself, so that no secret leaves the process.</summary>
internal sealed record NodeSetup(string Name, string ScenarioText);
