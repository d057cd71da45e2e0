namespace WeCan.Runtime.Local;

/// <summary>The ways to one destination, in the order in which they are tried.</summary>
/// <param name="Destination">Its number.</param>
/// <param name="Name">Its name, empty where it has none.</param>
/// <param name="IsTold">A controller has told these ways. Else there is only the direct link.</param>
/// <param name="Ways">At least one.</param>
internal sealed record RouteEntry(int Destination, string Name, bool IsTold, IReadOnlyList<WayEntry> Ways);
