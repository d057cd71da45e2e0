using System.Text;
using WeCan.Lab.Wan;

namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

/// <summary>Subjects and patterns of few tokens, so that many meet.</summary>
internal sealed class SimNames(InterestPlan plan, WanRandom random)
{
    private readonly string _padding = new('x', plan.Padding);

    public byte[] Pattern()
    {
        var tokens = new List<string> { Space() };
        for (var count = 1 + random.Next(3); count > 0; count--)
            tokens.Add(random.Next(6) == 0 ? "*" : Token());
        if (random.Next(8) == 0)
            tokens[^1] = ">";
        return Encoding.UTF8.GetBytes(string.Join('.', tokens));
    }

    public byte[] Subject() => Encoding.UTF8.GetBytes(string.Join('.', Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Token()).Prepend(Space())));

    public static string Text(byte[] name) => Encoding.UTF8.GetString(name);

    private string Space() => $"space{random.Next(plan.Spaces)}";

    private string Token() => $"t{random.Next(plan.Tokens)}{_padding}";
}
