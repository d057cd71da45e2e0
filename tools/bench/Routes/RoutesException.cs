namespace WeCan.Bench.Routes;

/// <summary>What the measurement of routes cannot go on without, in a sentence for whoever runs it.</summary>
internal sealed class RoutesException(string message) : Exception(message);
