using WeCan.Contracts;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>Sends a client a Realtime frame beside its connection's order, lent until this returns; false when there is no room for it in time.</summary>
/// <param name="owner">Whoever has the connection.</param>
/// <param name="now">The time.</param>
/// <param name="deadline">Until when it is worth something.</param>
/// <param name="priority">The message's.</param>
/// <param name="frame">One frame, whole.</param>
internal delegate bool RealtimeSink(object? owner, MonoTime now, MonoTime deadline, byte priority, ReadOnlySpan<byte> frame);
