using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace WeCan.Bench.Forward;

/// <summary>The programs in C that the relay is held against, compiled for this run into a folder of their own, and what they reach.</summary>
internal sealed class BaselinePrograms : IDisposable
{
    public const string Plain = "mmsg";
    public const string Joined = "gso";

    private readonly string _folder = Directory.CreateTempSubdirectory("wecan-baseline").FullName;

    /// <exception cref="ForwardException">There is no compiler, or it refuses the programs.</exception>
    public BaselinePrograms()
    {
        Compile("flood");
        Compile("forward_mmsg");
        Compile("forward_gso_gcm");
    }

    /// <summary>Starts the forwarder between two ports; its first line says its own.</summary>
    public ChildProcess StartForwarder(string kind, int first, int second) =>
        new(Path.Combine(_folder, kind == Plain ? "forward_mmsg" : "forward_gso_gcm"), Text(first), Text(second));

    /// <summary>Packets for each second of the forwarder's own processor time, with more to do than it can.</summary>
    public double MeasureRate(string kind, int size)
    {
        using var flood = new ChildProcess(Path.Combine(_folder, "flood"), kind, Text(size));
        var ports = flood.Ask().Split(' ').Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToArray();
        using var forwarder = StartForwarder(kind, ports[0], ports[1]);
        flood.Tell(forwarder.Ask());
        Thread.Sleep(ForwardLimits.Window);
        var seconds = forwarder.ProcessorSeconds;
        var forwarded = long.Parse(forwarder.Finish(), CultureInfo.InvariantCulture);
        return forwarded > 0 && seconds > 0
            ? forwarded / seconds
            : throw new ForwardException($"The baseline {kind} forwarded nothing ({forwarded}): this machine may be overloaded.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Compile(string name)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "baseline", name + ".c");
        var start = new ProcessStartInfo("cc", ["-O2", "-o", Path.Combine(_folder, name), source, "-ldl"]) { RedirectStandardError = true, UseShellExecute = false };
        try
        {
            using var compiler = Process.Start(start)!;
            var errors = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            if (compiler.ExitCode != 0)
                throw new ForwardException($"The C compiler refuses the baseline {source}: {errors.Trim()}");
        }
        catch (Win32Exception failure)
        {
            throw new ForwardException("There is no C compiler (cc) to make the baseline with: install one, such as Debian's gcc.", failure);
        }
    }
}
