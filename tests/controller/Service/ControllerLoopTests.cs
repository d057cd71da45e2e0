using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Contracts.Control;
using WeCan.Controller.Core;
using WeCan.Controller.Service;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Service;

/// <summary>What becomes of the loop, and of those who ask it, when its store fails, another controller leads, or it ends.</summary>
public sealed class ControllerLoopTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly FailingStore _store = new();
    private readonly CancellationTokenSource _ends = new();
    private readonly CancellationTokenSource _time = new(Bound);
    private readonly ControllerLoop _loop;
    private readonly Task _running;

    public ControllerLoopTests()
    {
        _loop = ControllerLoop.Leading(_store, new(), Samples.Office, TimeProvider.System, NullLogger.Instance);
        _running = _loop.RunAsync(null, _ends.Token);
    }

    public void Dispose()
    {
        _ends.Cancel();
        _ends.Dispose();
        _time.Dispose();
    }

    [Fact]
    public async Task A_store_that_fails_stops_changes_and_nothing_else_until_it_is_back()
    {
        await CreateTokenAsync(1);
        _store.Failure = new("The disk is full.");
        Assert.Equal("The disk is full.", (await Assert.ThrowsAsync<StoreException>(() => CreateTokenAsync(2))).Message);
        Assert.Equal("The disk is full.", (await Assert.ThrowsAsync<StoreException>(() => CreateTokenAsync(3))).Message);

        // What was answered is there, and what was not is not.
        Assert.Equal([1UL], await _loop.Do((core, _) => core.Tokens.Select(token => token.Id).ToList(), _time.Token));
        Assert.Equal(LoopMode.ReadOnly, _loop.Mode);

        _store.Failure = null;
        await UntilAsync(() => _loop.Mode == LoopMode.Leads);
        await CreateTokenAsync(4);
        Assert.Equal([1UL, 4UL], _store.Load().Tokens.Keys);
    }

    [Fact]
    public async Task Who_is_told_by_its_store_that_another_leads_stands_by_and_leads_again_when_it_is_its_turn()
    {
        _store.Failure = new("Controller c2 leads since.") { IsFenced = true };
        await Assert.ThrowsAsync<StoreException>(() => CreateTokenAsync(1));
        Assert.Equal((LoopMode.StandsBy, "Controller c2 leads since."), (_loop.Mode, _loop.Trouble));

        _store.Failure = null;
        _loop.Turn(new(LoopMode.Leads, _store.Load(), "", null));
        await UntilAsync(() => _loop.Mode == LoopMode.Leads);
        await CreateTokenAsync(2);
        Assert.Equal([2UL], _store.Load().Tokens.Keys);
    }

    [Fact]
    public async Task Who_asks_a_loop_that_has_ended_or_ends_is_told()
    {
        await _ends.CancelAsync();
        var waiting = CreateTokenAsync(1);
        await Task.WhenAny(_running);
        await Assert.ThrowsAsync<StoreException>(() => waiting.WaitAsync(Bound));
        await Assert.ThrowsAsync<StoreException>(() => CreateTokenAsync(2).WaitAsync(Bound));
        await _loop.StopAsync(_time.Token);
    }

    private async Task CreateTokenAsync(ulong id) =>
        Assert.Null(await _loop.Change((core, now) => core.CreateToken(now, new TokenOrder { Role = NodeRole.Relay }, id, Samples.SecretHash(id)), _time.Token));

    private async Task UntilAsync(Func<bool> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds())
            await look.WaitForNextTickAsync(_time.Token);
    }
}
