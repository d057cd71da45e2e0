namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

/// <summary>A promise was broken.</summary>
public sealed class InterestFailureException(string message) : Exception(message);
