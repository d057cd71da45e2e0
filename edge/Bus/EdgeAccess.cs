using Microsoft.Extensions.Logging;
using WeCan.Contracts.Access;
using WeCan.Contracts.Control.Access;
using WeCan.Edge.Bus.Gateway;
using WeCan.MessageBus.Protocol.Tokens;
using WeCan.Runtime;

namespace WeCan.Edge.Bus;

/// <summary>
/// By which keys clients are let in, and which tokens were taken back: what the controller has said, and beside it the keys of the file at
/// <c>bus.keys</c>. Of two keys with one name the controller's counts. Any thread may bring a change.
/// </summary>
internal sealed class EdgeAccess(GatewayTokens tokens, ILogger log)
{
    private readonly Lock _changing = new();
    private IReadOnlyList<TokenKey> _said = [];
    private IReadOnlyList<TokenKey> _filed = [];
    private RevocationSet _revocations = RevocationSet.None;

    /// <summary>The keys of the file are these now.</summary>
    public void UseFile(OverlayDriver driver, IReadOnlyList<TokenKey> keys)
    {
        lock (_changing)
        {
            _filed = keys;
            Offer(driver);
        }
    }

    /// <summary>The controller says this now. What is no key to this edge, as a later controller may send it, lets nobody in.</summary>
    public void UseSaid(OverlayDriver driver, AccessReplica replica)
    {
        lock (_changing)
        {
            var (keys, revocations) = (new List<TokenKey>(), new List<Revocation>());
            foreach (var record in replica.Records)
            {
                if (TokenKey.TryRead(record, out var key))
                    keys.Add(key);
                else if (Revocation.TryRead(record, out var revocation))
                    revocations.Add(revocation);
            }

            (_said, _revocations) = (keys, new(revocations));
            BusLog.Access(log, keys.Count, revocations.Count, replica.Version.ToString());
            Offer(driver);
        }
    }

    private void Offer(OverlayDriver driver)
    {
        foreach (var key in _filed)
        {
            if (_said.FirstOrDefault(said => said.Id == key.Id) is { } other && !other.HasPointOf(key))
                BusLog.KeyTwice(log, key.Id);
        }

        tokens.Offer(new([.. _said, .. _filed], _revocations));

        // A loop that takes no command now finds the offer by itself.
        driver.Post((_, _) => tokens.Clients.Renew());
    }
}
