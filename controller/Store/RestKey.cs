namespace WeCan.Controller.Store;

/// <summary>A node number or an edge index that rests.</summary>
internal readonly record struct RestKey(RestKind Kind, ushort Value);
