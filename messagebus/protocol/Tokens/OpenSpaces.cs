using WeCan.Contracts.Access;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>Which spaces an edge may let clients into, by its region. It does not change; another takes its place.</summary>
internal sealed class OpenSpaces(IEnumerable<Space> spaces, string region)
{
    public static readonly OpenSpaces All = new([], "");

    private readonly HashSet<string> _closed = [.. spaces.Where(space => !space.IsIn(region)).Select(space => space.Name)];

    public bool Has(string space) => !_closed.Contains(space);
}
