namespace WeCan.Architecture.Tests;

/// <summary>What a rule found wrong, told at once and with what to do about it.</summary>
internal static class Findings
{
    public static void AssertNone(IEnumerable<string> findings, string whatToDo)
    {
        var all = findings.Distinct(StringComparer.Ordinal).ToList();
        if (all.Count > 0)
            Assert.Fail($"{whatToDo}\n  {string.Join("\n  ", all)}");
    }
}
