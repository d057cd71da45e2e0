using WeCan.Lab.Wan;

namespace WeCan.Lab.Play;

/// <summary>The network of a scenario as it is at a moment of its play: how each ordered pair fares, and which hosts are cut off.</summary>
internal sealed class NetworkState
{
    private readonly Scenario _scenario;
    private readonly LinkSettings[,] _paths;
    private readonly bool[] _isDown;

    public NetworkState(Scenario scenario)
    {
        _scenario = scenario;
        var count = scenario.Hosts.Length;
        _paths = new LinkSettings[count, count];
        _isDown = [.. scenario.Hosts.Select(host => !host.Up)];
        for (var from = 0; from < count; from++)
        {
            for (var to = 0; to < count; to++)
                _paths[from, to] = scenario.Path(from, to);
        }
    }

    /// <summary>How what one host sends to another fares now; one that is cut off loses all, both ways.</summary>
    public LinkSettings Path(string from, string to)
    {
        var (first, second) = (_scenario.IndexOf(from), _scenario.IndexOf(to));
        return _isDown[first] || _isDown[second] ? new() { Down = true } : _paths[first, second];
    }

    public void Apply(ScenarioChange change)
    {
        switch (change.Kind)
        {
            case ScenarioChangeKind.Default:
                for (var from = 0; from < _isDown.Length; from++)
                {
                    for (var to = 0; to < _isDown.Length; to++)
                        _paths[from, to] = change.Patch!.ApplyTo(LinkSettings.Perfect);
                }

                break;
            case ScenarioChangeKind.Link:
                Patch(change.First, change.Second, change.Patch!);
                Patch(change.Second, change.First, change.Patch!);
                break;
            case ScenarioChangeKind.Path:
                Patch(change.First, change.Second, change.Patch!);
                break;
            case ScenarioChangeKind.HostUp or ScenarioChangeKind.HostDown:
                _isDown[change.First] = change.Kind == ScenarioChangeKind.HostDown;
                break;
        }
    }

    private void Patch(int from, int to, LinkPatch patch) => _paths[from, to] = patch.ApplyTo(_paths[from, to]);
}
