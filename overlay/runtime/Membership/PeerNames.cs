using WeCan.Contracts;

namespace WeCan.Runtime.Membership;

/// <summary>
/// What members are called, for sentences to people: a name stays when its member goes, as what is told then is about that one, until its number is given to
/// another. At most one for each number. On the loop's thread alone.
/// </summary>
public sealed class PeerNames
{
    private readonly Dictionary<NodeId, string> _names = [];

    /// <summary>A number with the name behind it where there is one, as "3 (relay-a)".</summary>
    public static string Of(NodeId number, string name) => string.IsNullOrEmpty(name) ? $"{number.Value}" : $"{number.Value} ({name})";

    public string Of(NodeId number) => Of(number, _names.GetValueOrDefault(number, ""));

    internal void Set(NodeId number, string name) => _names[number] = name;
}
