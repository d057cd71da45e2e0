namespace WeCan.Hosting.Configuration;

/// <summary>
/// A kind of value that a configuration can hold: how it is read, how it is written, and an example that is always valid.
/// Immutable; <see cref="Between"/> and <see cref="Where"/> give a narrower kind. A daemon makes kinds of its own with the
/// constructor (a node number, say).
/// </summary>
public sealed class ValueKind<T>
{
    private readonly ValueParser<T> _parse;
    private readonly Func<T, string> _format;

    /// <param name="name">With its article: "a duration".</param>
    /// <param name="example">What <paramref name="parse"/> accepts; stands in messages and in --help.</param>
    /// <param name="parse">Reads what a person wrote.</param>
    /// <param name="format">Writes it so that <paramref name="parse"/> reads the same again.</param>
    public ValueKind(string name, string example, ValueParser<T> parse, Func<T, string> format)
    {
        (Name, Example, _parse, _format) = (name, example, parse, format);
        if (parse(example, out var value) is { } wrong)
            throw new ArgumentException($"The example \"{example}\" is not {name}: {wrong}.", nameof(example));
        ExampleValue = value;
    }

    public string Name { get; }

    public string Example { get; }

    internal T ExampleValue { get; }

    internal bool IsSecret { get; init; }

    internal bool IsBare { get; init; }

    internal bool IsSwitch { get; init; }

    public ValueKind<T> Between(T low, T high)
    {
        var order = Comparer<T>.Default;
        var example = order.Compare(ExampleValue, low) < 0 || order.Compare(ExampleValue, high) > 0 ? _format(low) : Example;
        return Narrowed(value => order.Compare(value, low) >= 0 && order.Compare(value, high) <= 0, $"write something between {_format(low)} and {_format(high)}", example);
    }

    /// <param name="holds">What a value must fulfil besides.</param>
    /// <param name="instead">What to write instead, as the rest of a sentence: "write a port above 1023".</param>
    /// <param name="example">An example that fulfils it.</param>
    public ValueKind<T> Where(Func<T, bool> holds, string instead, string example) => Narrowed(holds, instead, example);

    public string Format(T value) => _format(value);

    /// <summary>Reads what a person wrote: null, or what is wrong and what to write instead, as the rest of a sentence.</summary>
    public string? TryParse(string text, out T value) => _parse(text, out value);

    private ValueKind<T> Narrowed(Func<T, bool> holds, string instead, string example)
    {
        string? Parse(string text, out T value)
        {
            var wrong = _parse(text, out value);
            return wrong ?? (holds(value) ? null : $"it is out of bounds, {instead}");
        }

        return new(Name, example, Parse, _format) { IsSecret = IsSecret, IsBare = IsBare, IsSwitch = IsSwitch };
    }
}
