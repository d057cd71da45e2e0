namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// What the classes of one pair that went the same way have been led away with in this round. Which of them it is that sends nobody knows, so all that the
/// pair sends is asked about for each of them; but it leaves the old way once, and comes once to each of the new ones.
/// </summary>
internal sealed class PairTraffic(RoundLoads round, List<int> own)
{
    private readonly List<(Way Way, List<int> Places, int Rate)> _led = [];

    /// <summary>As if none of it had been led anywhere, to ask for one more class; <see cref="CountIn"/> follows.</summary>
    public void CountOut() => Count(-1);

    public void CountIn() => Count(1);

    /// <summary>One more class goes this way. Returns what of the traffic is counted for it: nothing, where it was for another.</summary>
    public int Lead(Way way, List<int> places, int rate)
    {
        if (_led.Exists(led => led.Way == way))
            return 0;
        CountOut();
        _led.Add((way, places, rate));
        CountIn();
        return _led.Count == 1 ? rate : 0;
    }

    private void Count(int sign)
    {
        if (_led.Count == 0)
            return;
        round.Leave(own.Where(place => !_led.Exists(led => led.Places.Contains(place))), sign * (long)_led[0].Rate);
        foreach (var (_, places, rate) in _led)
            round.Enter(places.Where(place => !own.Contains(place)), sign * (long)rate);
    }
}
