namespace WeCan.Sockets.Linux;

/// <summary>
/// Moves a batch of messages through a socket without waiting: how many were moved, or an error's number below zero if the first
/// was not. The kernel's own are in <see cref="NativeSocket"/>; tests put a refusing one in its place.
/// </summary>
internal delegate int BatchCall(int descriptor, Span<MessageEntry> messages);
