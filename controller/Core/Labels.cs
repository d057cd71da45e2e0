namespace WeCan.Controller.Core;

/// <summary>Names as they may stand in the membership, told to people who type them.</summary>
internal static class Labels
{
    public static string? Problem(string what, string label, int max)
    {
        if (label.Length > max)
            return $"The {what} \"{label}\" has {label.Length} letters: use at most {max}.";
        return label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? null
            : $"The {what} \"{label}\" is not one: use letters, digits, '-', '_' and '.'.";
    }
}
