using System.Globalization;

namespace WeCan.Integration.Tests;

/// <summary>How long things may take here: bounds hold for a machine that has little else to do, and grow where it has.</summary>
internal static class Machine
{
    /// <summary>What a core may have waiting for it before that counts: these tests' own processes among it.</summary>
    private const double OrdinaryLoad = 4;

    public static TimeSpan Allows(TimeSpan bound) => bound * Math.Max(1, LoadPerCore() / OrdinaryLoad);

    private static double LoadPerCore() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) / Environment.ProcessorCount : 0;
}
