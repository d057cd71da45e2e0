using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Commands;
using WeCan.Edge.Tunnels.Settings;

namespace WeCan.Edge.Tests.Tunnels.Commands;

public sealed class TunnelFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wecan-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "tunnels.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_is_saved_is_there_again()
    {
        var file = new TunnelFile(_folder.FullName, NullLogger.Instance);
        Assert.Empty(file.Load());
        TunnelEntrance[] tunnels = [Tunnel(1), Tunnel(2)];
        file.Save(tunnels);
        Assert.Equal(tunnels, file.Load());
        file.Save([]);
        Assert.Empty(file.Load());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"tunnels\": [")]
    [InlineData("{ \"tunnels\": [ { \"listen\": \"nowhere\", \"target\": \"a:1\", \"exit\": \"b\" } ] }")]
    [InlineData("{ \"tunnels\": [ { \"listen\": \"tcp://127.0.0.1:1\", \"target\": \"a:1\", \"exit\": \"b\" }, { \"listen\": \"tcp://127.0.0.1:1\", \"target\": \"c:1\", \"exit\": \"b\" } ] }")]
    public void A_damaged_file_is_set_aside(string content)
    {
        File.WriteAllText(Path, content);
        Assert.Empty(new TunnelFile(_folder.FullName, NullLogger.Instance).Load());
        Assert.False(File.Exists(Path));
        Assert.Equal(content, File.ReadAllText(Path + ".damaged"));
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read()
    {
        File.WriteAllText(Path, new string(' ', TunnelLimits.FileBytes + 1));
        Assert.Empty(new TunnelFile(_folder.FullName, NullLogger.Instance).Load());
        Assert.True(File.Exists(Path + ".damaged"));
    }

    private static TunnelEntrance Tunnel(int port)
    {
        Assert.Null(new TunnelOrder { Listen = $"tcp://127.0.0.1:{port}", Target = "a:1", Exit = "b" }.TryRead(out var tunnel));
        return tunnel;
    }
}
