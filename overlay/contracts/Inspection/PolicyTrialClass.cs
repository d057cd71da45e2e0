namespace WeCan.Contracts.Inspection;

/// <summary>What would become of the routes of one class.</summary>
/// <param name="Class">"realtime", "signal" or "bulk".</param>
/// <param name="Changed">Pairs whose first way would be another, those that would lose or get one included.</param>
/// <param name="Lost">Pairs that have a way, and would have none.</param>
/// <param name="Gained">Pairs that have none, and would have one.</param>
/// <param name="Alone">Pairs that have more ways than one, and would have one alone and no backup.</param>
public sealed record PolicyTrialClass(string Class, int Changed, int Lost, int Gained, int Alone);
