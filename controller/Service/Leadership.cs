using Microsoft.Extensions.Logging;
using WeCan.Controller.Store;

namespace WeCan.Controller.Service;

/// <summary>
/// This controller's part among those that share a database: it stands by until the lease is free, then leads with what it loads, and
/// stands by again when another has taken the lease. While the database does not answer it changes nothing, whoever it thinks leads, and
/// asks the others: where one leads that can reach the database, nodes are better off there. A
/// lease ends by time, so it is looked at in time: there is nothing to wait for.
/// </summary>
internal sealed class Leadership(PostgresDoor door, PostgresLease lease, ControllerLoop loop, Func<CancellationToken, Task<string?>> others, string id, TimeProvider time, ILogger log)
{
    private long? _token;
    private long _renewedAt;
    private string _told = "";
    private bool _isAway;

    /// <summary>Who leads by its own word, while the database does not answer here; null where nobody does.</summary>
    private string? _elsewhere;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            Look();
            if (_isAway && IsDoubtful)
                await AskOthersAsync(cancellation);
            var pause = _token is null ? ServiceLimits.LeaseLook : ServiceLimits.LeaseRenewal;
            await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Another controller may lead at once. Only when nothing more is committed, and nobody runs this any more.</summary>
    public void Release()
    {
        try
        {
            if (_token is { } token)
                lease.Release(token);
        }
        catch (StoreException)
        {
            // It ends by itself soon.
        }
    }

    /// <summary>It led, and another may by now.</summary>
    private bool IsDoubtful => _token is not null && time.GetElapsedTime(_renewedAt) > ServiceLimits.LeaseLife;

    private void Look()
    {
        try
        {
            if (_token is { } token)
                Renew(token);
            else
                StandBy();
            if (_isAway)
                ServiceLog.DatabaseBack(log);
            _isAway = false;
        }
        catch (StoreException problem)
        {
            if (!_isAway)
                ServiceLog.DatabaseAway(log, problem.Message);
            _isAway = true;
            if (IsDoubtful)
                loop.Doubt(problem.Message);
        }
    }

    private async Task AskOthersAsync(CancellationToken cancellation)
    {
        var leader = await others(cancellation);
        if (leader == _elsewhere || cancellation.IsCancellationRequested)
            return;
        if (leader is not null)
        {
            ServiceLog.LeadsElsewhere(log, leader);
            loop.Turn(new(LoopMode.StandsBy, null, Sentence(leader), null));
        }
        else
        {
            ServiceLog.LeadsNowhere(log);
            loop.Turn(new(LoopMode.ReadOnly, null, $"The database {door.Name} does not answer: nothing can be changed until it does.", null));
        }

        _elsewhere = leader;
    }

    private void Renew(long token)
    {
        var asked = time.GetTimestamp();
        if (lease.Renew(token))
        {
            // Who led elsewhere by its own word has taken nothing since this one led.
            if (_elsewhere is not null)
                Lead(token);
            (_renewedAt, _elsewhere) = (asked, null);
            return;
        }

        (_token, _elsewhere) = (null, null);
        ServiceLog.Overtaken(log, lease.Holder());
        StandBy();
    }

    private void StandBy()
    {
        var asked = time.GetTimestamp();
        if (lease.TryTake() is { } token)
        {
            Lead(token);
            (_token, _renewedAt, _told) = (token, asked, "");
            return;
        }

        var leader = Sentence(lease.Holder());
        if (leader != _told)
            loop.Turn(new(LoopMode.StandsBy, null, leader, null));
        _told = leader;
    }

    private string Sentence(string leader) => $"Controller {id} stands by, as {leader} leads: ask that one";

    private void Lead(long token)
    {
        var store = new PostgresStore(door, token);
        try
        {
            store.Migrate();
            loop.Turn(new(LoopMode.Leads, store.Load(), "", store));
            ServiceLog.Leads(log, id, token);
        }
        catch (StoreException)
        {
            store.Dispose();
            lease.Release(token);
            throw;
        }
    }
}
