namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// What was chosen for a pair. <paramref name="Reach"/> is the most that any way cost which the choice looked for or kept: no link
/// matters to it over which there is no way as cheap. <paramref name="Cause"/> says why the ways are others than before, and <paramref name="Gain"/> what is saved of <paramref name="Held"/> where they are better.
/// </summary>
internal readonly record struct Choice(WaySet Ways, int Reach, RouteCause Cause, int Gain, int Held);
