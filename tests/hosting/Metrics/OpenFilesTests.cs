using System.Net.Sockets;
using WeCan.Hosting.Metrics;

namespace WeCan.Hosting.Tests.Metrics;

/// <summary>What the kernel says of open descriptors, and the count of those that it shows, rise by what is opened. Other tests of this process open and close some meanwhile.</summary>
public sealed class OpenFilesTests
{
    private const int Opened = 300;

    [Fact]
    public void Both_ways_of_counting_see_what_is_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux shows descriptors at /proc/self/fd.");
        var (told, counted) = (OpenFiles.Told(), OpenFiles.Counted());
        var sockets = Enumerable.Range(0, Opened).Select(_ => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)).ToList();
        try
        {
            Assert.InRange(OpenFiles.Counted() - counted, Opened * 0.5, Opened * 1.5);
            Assert.InRange(OpenFiles.Count() - Math.Max(told, counted), Opened * 0.5, Opened * 1.5);
            if (told > 0)
                Assert.InRange(OpenFiles.Told() - told, Opened * 0.5, Opened * 1.5);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }
}
