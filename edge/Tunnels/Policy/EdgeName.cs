using System.Globalization;
using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Policy;

/// <summary>An edge as an operator names it: by its number, or by its name in the membership, which can come to mean another node.</summary>
internal readonly record struct EdgeName(NodeId Number, string? Name)
{
    /// <summary>Digits are a number, anything else a name.</summary>
    public static bool TryParse(string text, out EdgeName edge)
    {
        edge = default;
        if (text.Length == 0 || text.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter)))
            return false;
        if (!text.All(char.IsAsciiDigit))
        {
            edge = new EdgeName(NodeId.None, text);
            return true;
        }

        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            return false;
        edge = new EdgeName(new NodeId(number), null);
        return true;
    }

    /// <summary>The node that is meant now; none where the membership has no such name.</summary>
    public NodeId Resolve(Func<string, NodeId> members) => Name is null ? Number : members(Name);

    public override string ToString() => Name ?? Number.Value.ToString(CultureInfo.InvariantCulture);
}
