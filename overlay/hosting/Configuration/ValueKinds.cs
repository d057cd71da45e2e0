using System.Globalization;
using System.Net;

namespace WeCan.Hosting.Configuration;

/// <summary>The kinds of values that every daemon's configuration is made of, written as people write them.</summary>
public static class ValueKinds
{
    public static ValueKind<string> Text { get; } = new("a text", "fra-1", ParseText, text => text);

    public static ValueKind<string> Path { get; } = new("a path", "/var/lib/wecan/state.db", ParsePath, path => path);

    public static ValueKind<bool> Flag { get; } = new("true or false", "true", ParseFlag, flag => flag ? "true" : "false") { IsBare = true, IsSwitch = true };

    public static ValueKind<long> Integer { get; } = new("a whole number", "16", ParseInteger, number => number.ToString(CultureInfo.InvariantCulture)) { IsBare = true };

    public static ValueKind<double> Number { get; } = new("a number", "0.5", ParseNumber, number => number.ToString("R", CultureInfo.InvariantCulture)) { IsBare = true };

    /// <summary>"200ms", "1.5s", "1h30m".</summary>
    public static ValueKind<TimeSpan> Duration { get; } = new("a duration", "200ms", HumanUnits.ParseDuration, HumanUnits.FormatDuration);

    /// <summary>A size in bytes: "64KiB", "1.5GB", "512B".</summary>
    public static ValueKind<long> Bytes { get; } = new("a size", "64KiB", HumanUnits.ParseBytes, HumanUnits.FormatBytes);

    /// <summary>A rate in bits per second: "20Mbit/s".</summary>
    public static ValueKind<long> BitsPerSecond { get; } = new("a rate", "20Mbit/s", HumanUnits.ParseBitsPerSecond, HumanUnits.FormatBitsPerSecond);

    /// <summary>An address to listen on or to send to, with its port: "192.0.2.1:7000", "[::]:7000".</summary>
    public static ValueKind<IPEndPoint> EndPoint { get; } = new("an address with a port", "[::1]:7000", HumanAddresses.ParseEndPoint, endPoint => endPoint.ToString());

    /// <summary>A host to connect to, by name or address, with its port: "controller.example:7443".</summary>
    public static ValueKind<DnsEndPoint> Host { get; } = new("a host with a port", "controller.example:7443", HumanAddresses.ParseHost, HumanAddresses.FormatHost);

    /// <summary>What nobody may see. Read it with <see cref="ConfigReader.Secret"/>, which also takes it from a file.</summary>
    internal static ValueKind<Secret> Secret { get; } = new("a secret", "…", ParseSecret, _ => Configuration.Secret.Redacted) { IsSecret = true };

    /// <summary>One of a few names: the members of <typeparamref name="T"/> in lower case, with "_" between words.</summary>
    public static ValueKind<T> Choice<T>()
        where T : struct, Enum
    {
        var names = Enum.GetValues<T>().ToDictionary(value => NameOf(value.ToString()), value => value, StringComparer.Ordinal);
        var all = string.Join(", ", names.Keys.Select(name => $"\"{name}\""));

        string? Parse(string text, out T value)
        {
            if (names.TryGetValue(text, out value))
                return null;
            return Suggestion.For(text, names.Keys) is { } near ? $"there is no such choice, did you mean \"{near}\"? Write one of {all}" : $"there is no such choice, write one of {all}";
        }

        return new($"one of {all}", names.Keys.First(), Parse, value => NameOf(value.ToString()));
    }

    private static string NameOf(string member) =>
        string.Concat(member.Select((letter, index) => char.IsUpper(letter) ? $"{(index > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static string? ParseText(string text, out string value)
    {
        value = text;
        if (text.Length == 0)
            return "it is empty, write a text or leave the key out";
        return text.Any(char.IsControl) ? "it has control characters, write it without" : null;
    }

    private static string? ParsePath(string text, out string value)
    {
        var wrong = ParseText(text, out value);
        return wrong ?? (text.StartsWith('/') || text.StartsWith('.') ? null : "a path begins with \"/\", or with \"./\" if it is meant from the working directory");
    }

    private static string? ParseFlag(string text, out bool value)
    {
        value = text == "true";
        return value || text == "false" ? null : "write true or false";
    }

    private static string? ParseInteger(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) ? null : "it is no whole number, write digits only, as in 16";

    private static string? ParseNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) ? null : "it is no number, write it as in 0.5";

    private static string? ParseSecret(string text, out Secret value)
    {
        value = new Secret(text);
        return text.Length == 0 ? "it is empty, write the secret or leave the key out" : null;
    }
}
