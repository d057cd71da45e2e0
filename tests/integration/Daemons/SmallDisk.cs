using System.Diagnostics;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>A file system of a few KiB in memory, which a test can fill; only root can mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    private string Filler => Path.Combine(_path, "filler");

    public static SmallDisk Mount(string path, string size)
    {
        Directory.CreateDirectory(path);
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path))
            Assert.Skip("A small file system cannot be mounted here: run as root with CAP_SYS_ADMIN.");
        return new(path);
    }

    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[512]);
        }
        catch (IOException)
        {
            // Full, as was wanted.
        }
    }

    public void Empty() => File.Delete(Filler);

    public void Dispose() => Assert.True(Run("umount", "-l", _path));

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
