namespace WeCan.Runtime.Local;

/// <summary>The ways to one destination for traffic of one class or of all, in the order in which they are tried.</summary>
/// <param name="Destination">Its number.</param>
/// <param name="Name">Its name, empty where it has none.</param>
/// <param name="For">"all", or where classes have ways of their own "signal", "realtime" or "bulk".</param>
/// <param name="IsTold">A controller has told these ways. Else there is only the direct link.</param>
/// <param name="Ways">At least one.</param>
internal sealed record RouteEntry(int Destination, string Name, string For, bool IsTold, IReadOnlyList<WayEntry> Ways);
