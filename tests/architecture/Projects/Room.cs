namespace WeCan.Architecture.Tests.Projects;

/// <summary>
/// A folder of the repository and the rooms that its projects may reference directly. What those may know, it may know
/// too. A project belongs to the room with the longest folder that holds it.
/// </summary>
internal sealed record Room(string Folder, params string[] Knows);
