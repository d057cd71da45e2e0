using WeCan.Contracts.Control;

namespace WeCan.Runtime.Control;

/// <summary>
/// Where controllers are, in the order in which to ask: the last that took this node, then as configured, then as learnt. A
/// controller's own list replaces what was learnt before. Used by the client's task alone, but for <see cref="Known"/>.
/// </summary>
internal sealed class ControllerAddresses(IReadOnlyList<string> configured, IReadOnlyList<string> learnt)
{
    private IReadOnlyList<string> _learnt = learnt;
    private string? _last;

    /// <summary>All of them, as many as a node keeps.</summary>
    public IReadOnlyList<string> Known { get; private set; } = [.. configured.Concat(learnt).Distinct(StringComparer.Ordinal).Take(ControlLimits.MaxControllers)];

    public IReadOnlyList<string> InTurn() => _last is null ? Known : [.. Known.Prepend(_last).Distinct(StringComparer.Ordinal)];

    public void Succeeded(string address, IReadOnlyList<string> told)
    {
        _last = address;
        if (told.Count > 0)
            _learnt = told;
        Known = [.. _learnt.Prepend(address).Concat(configured).Distinct(StringComparer.Ordinal).Take(ControlLimits.MaxControllers)];
    }
}
