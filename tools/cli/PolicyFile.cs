using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Daemon;

namespace WeCan.Cli;

/// <summary>A policy in a file of the operator's: read within bounds, or written with an editor.</summary>
internal static class PolicyFile
{
    public static Argument<string> Argument() => new("file") { Description = "The policy, in JSON; \"-\" for standard input." };

    /// <exception cref="DaemonException">It cannot be read, or is larger than any policy.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            var bytes = new byte[ApiLimits.PolicyBytes + 1];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read <= ApiLimits.PolicyBytes ? bytes[..read]
                : throw new DaemonException($"{path} is larger than the {ApiLimits.PolicyBytes >> 10} KiB that a policy may have: is it the right file?", ExitCodes.Usage);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DaemonException($"{path} cannot be read: {failure.Message}", ExitCodes.Io, failure);
        }
    }

    /// <summary>Opens a text in the operator's editor: the file with what was saved, or null where that is what was there before.</summary>
    public static async Task<string?> EditAsync(long version, string text, CancellationToken cancellation)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("wecan-").FullName, $"policy-{version}.json");
        await File.WriteAllTextAsync(file, text + "\n", cancellation);
        var editor = Variable("VISUAL") ?? Variable("EDITOR") ?? "vi";
        try
        {
            // As a shell would, since an editor is often named with its flags.
            using var running = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{editor} \"$1\"", editor, file])) ?? throw new Win32Exception();
            await running.WaitForExitAsync(cancellation);
            if (running.ExitCode != 0)
                throw new DaemonException($"The editor \"{editor}\" ended with {running.ExitCode}, and nothing was set: name another in EDITOR. What you wrote is in {file}.", ExitCodes.Fault);
        }
        catch (Win32Exception failure)
        {
            throw new DaemonException($"The editor \"{editor}\" cannot be started: {failure.Message}", ExitCodes.Unavailable, failure);
        }

        if ((await File.ReadAllTextAsync(file, cancellation)).Trim() != text)
            return file;
        Forget(file);
        return null;
    }

    /// <summary>Removes what was made for an editor.</summary>
    public static void Forget(string file) => Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } set ? set : null;
}
