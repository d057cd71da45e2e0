using WeCan.Contracts.Control;

namespace WeCan.Controller.Core;

/// <summary>Names as they may stand in the membership, told to people who type them.</summary>
internal static class Labels
{
    /// <summary>What is wrong with what a node or a token says of a node, or null.</summary>
    public static string? Problem(string name, string region, string site, string owner) =>
        Problem("name", name, ControlLimits.MaxName) ?? Problem("region", region, ControlLimits.MaxPlace)
        ?? Problem("site", site, ControlLimits.MaxPlace) ?? Problem("operator", owner, ControlLimits.MaxPlace);

    /// <summary>The same of one label.</summary>
    public static string? Problem(string what, string label, int max)
    {
        if (label.Length > max)
            return $"The {what} \"{label}\" has {label.Length} letters: use at most {max}.";
        return label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? null
            : $"The {what} \"{label}\" is not one: use letters, digits, '-', '_' and '.'.";
    }
}
