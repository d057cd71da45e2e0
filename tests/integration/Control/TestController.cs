using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Service;

namespace WeCan.Integration.Tests.Control;

/// <summary>A network's controller in this process, with a clock of its own, that can be stopped and started again at the same address.</summary>
internal sealed class TestController : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly DataFolder _folder;
    private ControllerService? _service;

    private TestController(string path) => _folder = new(path);

    public ShiftedTime Time { get; } = new();

    public IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    public static async Task<TestController> MakeAsync(string path)
    {
        var controller = new TestController(path);
        NetworkInit.Run(controller._folder, "test-net", "c1", DateTimeOffset.UtcNow);
        await controller.StartAsync();
        return controller;
    }

    public async Task StartAsync()
    {
        _service = await ControllerService.StartAsync(
            new() { Data = _folder.Path, Listen = Address, Id = "c1", Controllers = [] }, Time, NullLoggerFactory.Instance, null, failure => Assert.Fail(failure.ToString()), CancellationToken.None);
        Address = _service.Address;
    }

    public async Task StopAsync()
    {
        // As the daemon does: what is not drained within 10 s is cut.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _service!.DrainAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _service.DisposeAsync().AsTask().WaitAsync(Bound);
        _service = null;
    }

    public async Task<string> TokenAsync(int uses = 1)
    {
        var answer = await AdminClient.RunAsync(_folder, new("token create", new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = "relay", ["uses"] = $"{uses}" }), CancellationToken.None);
        Assert.True(answer.IsDone, answer.Text);
        return answer.Text;
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync().AsTask().WaitAsync(Bound);
    }
}
