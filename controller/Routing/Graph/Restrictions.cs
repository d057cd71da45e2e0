using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// Which nodes may be on the ways of which pairs, beside who carries at all. Nodes are of groups, and pairs of the same two groups and class are of one
/// scope: a set of nodes that they may pass. Not changed once made; <see cref="None"/> has one scope that holds every node.
/// </summary>
internal sealed class Restrictions
{
    private readonly byte[] _groups;
    private readonly int _groupCount;
    private readonly byte[][] _scopes;
    private readonly bool[][][] _allowed;

    /// <param name="groups">Of each node its group.</param>
    /// <param name="groupCount">How many groups there are.</param>
    /// <param name="scopes">For each class, by the group of the origin times that count and the group of the destination.</param>
    /// <param name="allowed">For each class and scope, who may be passed.</param>
    public Restrictions(byte[] groups, int groupCount, byte[][] scopes, bool[][][] allowed) =>
        (_groups, _groupCount, _scopes, _allowed) = (groups, groupCount, scopes, allowed);

    public static Restrictions None { get; } = new([], 0, [], []);

    public bool IsNone => _groupCount == 0;

    public int Scopes(RouteClass service) => IsNone ? 1 : _allowed[(int)service].Length;

    public int ScopeOf(RouteClass service, int origin, int destination) =>
        IsNone ? 0 : _scopes[(int)service][(_groups[origin] * _groupCount) + _groups[destination]];

    public bool Allows(RouteClass service, int scope, int node) => IsNone || _allowed[(int)service][scope][node];

    public bool IsSame(Restrictions other)
    {
        if (this == other)
            return true;
        if (_groupCount != other._groupCount || !_groups.AsSpan().SequenceEqual(other._groups))
            return false;
        for (var each = 0; each < _scopes.Length; each++)
        {
            if (!_scopes[each].AsSpan().SequenceEqual(other._scopes[each]) || _allowed[each].Length != other._allowed[each].Length)
                return false;
            for (var scope = 0; scope < _allowed[each].Length; scope++)
            {
                if (!_allowed[each][scope].AsSpan().SequenceEqual(other._allowed[each][scope]))
                    return false;
            }
        }

        return true;
    }
}
