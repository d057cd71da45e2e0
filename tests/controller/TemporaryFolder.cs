namespace WeCan.Controller.Tests;

/// <summary>A folder of one test's own, gone after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    private readonly string _path;

    public TemporaryFolder()
        : this(Directory.CreateTempSubdirectory("wecan-controller-").FullName)
    {
    }

    private TemporaryFolder(string path) => _path = path;

    /// <summary>In memory where the machine has a place for that, for what is synchronised thousands of times and needs no disk to be proven.</summary>
    public static TemporaryFolder InMemory() =>
        Directory.Exists(Memory) ? new(Directory.CreateDirectory(Path.Combine(Memory, $"wecan-controller-{Guid.NewGuid():N}")).FullName) : new();

    public string File(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
