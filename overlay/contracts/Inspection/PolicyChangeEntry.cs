using System.Text.Json;

namespace WeCan.Contracts.Inspection;

/// <summary>One place in which two policies differ.</summary>
/// <param name="Path">Where: members after dots, entries of lists by their number, from 0 on.</param>
/// <param name="Before">What stood there; left out where nothing did.</param>
/// <param name="After">What stands there then; left out where nothing does.</param>
public sealed record PolicyChangeEntry(string Path, JsonElement? Before, JsonElement? After);
