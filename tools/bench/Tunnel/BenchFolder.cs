using WeCan.Programs;

namespace WeCan.Bench.Tunnel;

/// <summary>A measurement with processes: in a folder of its own that is gone afterwards; what stands in its way is told in a sentence.</summary>
internal static class BenchFolder
{
    /// <summary>Measures; returns what the program is to end with.</summary>
    public static int With(string name, Action<string> measure)
    {
        var folder = Directory.CreateTempSubdirectory(name).FullName;
        try
        {
            measure(folder);
            return 0;
        }
        catch (Exception failure) when (failure is TunnelException or ProgramException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
