using System.Text;

namespace WeCan.MessageBus.Tests.Subjects;

/// <summary>Subjects and patterns of few tokens, so that many match; the system's own among them where wanted.</summary>
internal sealed class Names(int seed, bool hasSystem = false)
{
    private static readonly string[] Tokens = ["a", "b", "c", "dd", "eeeeeeeee", "fffffffffffffffff"];

    private readonly Random _random = new(seed);

    public int Pick(int count) => _random.Next(count);

    public byte[] Subject() => Encoding.UTF8.GetBytes(string.Join('.', Draw(1 + _random.Next(5), stars: 0)));

    public byte[] Pattern()
    {
        var tokens = Draw(1 + _random.Next(5), stars: 3).ToList();
        if (_random.Next(4) == 0)
            tokens.Add(">");
        return Encoding.UTF8.GetBytes(string.Join('.', tokens));
    }

    private IEnumerable<string> Draw(int count, int stars)
    {
        yield return _random.Next(2) == 0 ? "s" : "t";
        for (var index = 0; index < count; index++)
            yield return _random.Next(10) < stars ? "*" : hasSystem && _random.Next(5) == 0 ? "$a" : Tokens[_random.Next(Tokens.Length)];
    }
}
