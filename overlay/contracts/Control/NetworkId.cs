using System.Globalization;

namespace WeCan.Contracts.Control;

/// <summary>Which network this is: 128 random bits, drawn once by whoever makes it. Shown as 32 hexadecimal digits; zero is none.</summary>
public readonly record struct NetworkId(UInt128 Value)
{
    public const int Bytes = 16;

    private const int Digits = 2 * Bytes;

    public static readonly NetworkId None;

    public bool IsNone => Value == UInt128.Zero;

    /// <summary>Reads exactly 32 hexadecimal digits. False for anything else, and for none.</summary>
    public static bool TryParse(string? text, out NetworkId id)
    {
        id = None;
        if (text?.Length != Digits || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return false;
        id = new(value);
        return !id.IsNone;
    }

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
