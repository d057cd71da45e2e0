namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// A pair that would go another way: because that is better by <paramref name="Gain"/> than what costs <paramref name="Held"/>, or because its own is dead
/// (<paramref name="IsForced"/>). <paramref name="IsUrgent"/> where its own has become very bad.
/// </summary>
internal readonly record struct PairMove(byte Plane, ushort Origin, ushort Destination, int Gain, int Held, bool IsUrgent, bool IsForced);
