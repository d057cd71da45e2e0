namespace WeCan.Hosting.Configuration;

/// <summary>
/// Reads what a person wrote. Null means that <paramref name="value"/> holds it; otherwise it is what is wrong and what to
/// write instead, as the rest of a sentence: <c>a duration needs a unit, write "10s" or "10ms"</c>.
/// </summary>
public delegate string? ValueParser<T>(string text, out T value);
