namespace WeCan.Hosting.Tests.Support;

/// <summary>The folder that holds WeCan.sln, above the one that the tests run in.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "WeCan.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {start} holds WeCan.sln: run these tests from a build inside the repository.");
    }
}
