using Microsoft.Extensions.Logging;
using WeCan.Contracts.Access;
using WeCan.Contracts.Control.Access;
using WeCan.Edge.Bus.Gateway;
using WeCan.MessageBus.Protocol.Tokens;
using WeCan.Runtime;

namespace WeCan.Edge.Bus;

/// <summary>
/// By which keys clients are let in, which tokens were taken back, and which spaces are for other regions: what the controller has said, and beside it the keys of the file at
/// <c>bus.keys</c>. Of two keys with one name the controller's counts. Any thread may bring a change.
/// </summary>
internal sealed class EdgeAccess(GatewayTokens tokens, ILogger log)
{
    private readonly Lock _changing = new();
    private IReadOnlyList<TokenKey> _said = [];
    private IReadOnlyList<TokenKey> _filed = [];
    private RevocationSet _revocations = RevocationSet.None;
    private OpenSpaces _spaces = OpenSpaces.All;

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
    /// <param name="driver">Whose loop lets clients in.</param>
    /// <param name="replica">All that was said.</param>
    /// <param name="region">Where this edge is; empty where that is not known.</param>
    public void UseSaid(OverlayDriver driver, AccessReplica replica, string region)
    {
        lock (_changing)
        {
            var (keys, revocations, spaces) = (new List<TokenKey>(), new List<Revocation>(), new List<Space>());
            foreach (var record in replica.Records)
            {
                if (TokenKey.TryRead(record, out var key))
                    keys.Add(key);
                else if (Revocation.TryRead(record, out var revocation))
                    revocations.Add(revocation);
                else if (Space.TryRead(record, out var space))
                    spaces.Add(space);
            }

            (_said, _revocations, _spaces) = (keys, new(revocations), new(spaces, region));
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

        tokens.Offer(new([.. _said, .. _filed], _revocations, _spaces));

        // A loop that takes no command now finds the offer by itself.
        driver.Post((_, _) => tokens.Clients.Renew());
    }
}
