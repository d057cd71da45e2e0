using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Traffic;
using WeCan.Controller.Routing;
using WeCan.Controller.Sessions;
using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>What members ask for over their sessions, and what becomes of it.</summary>
internal sealed class NodeRequests(MemberBook members, SessionTable sessions, ControllerOptions options, CertificateOffice office, NetworkId network, RouteDesk routing)
{
    private static readonly Duration Later = Duration.FromSeconds(60);

    public void Handle(ControllerTime now, ControllerSession session, ControlMessage request)
    {
        // The certificate is good for as long as it says, the membership only as long as it is in the book, and for this key.
        if (members.Find(session.Number) is not { } row || (row.TlsKey != session.TlsKey && row.OlderTlsKey != session.TlsKey))
        {
            session.Close(GoodbyeReason.NotAMember, $"there is no member {session.Number.Value} with this key: enrol the node anew", Later);
            return;
        }

        switch (request)
        {
            case HelloMessage hello:
                Welcome(now, session, hello, row);
                break;
            case LinkReportsMessage reports:
                routing.Take(now.Mono, session.Number, reports);
                routing.TakeRoundTrip(session.Number, session.RoundTripAt(now.Mono));
                options.History?.Take(now.Mono, session.Number, reports, members.History);
                break;
            case NodeTrafficMessage traffic:
                options.History?.Take(session.Number, traffic, members.History, routing);
                break;
            case RenewMessage renew:
                Renew(now, session, renew, row);
                break;
            case AddressesMessage or DrainingMessage when options.IsReadOnly:
                // It cannot be kept. The node says it again in its next hello, which it has to say when the store is back.
                break;
            case AddressesMessage addresses:
                members.Change(now.Wall, MemberChangeKind.Changed, row with { Member = row.Member with { Addresses = addresses.Addresses } });
                break;
            case DrainingMessage draining:
                members.Change(now.Wall, MemberChangeKind.Changed, row with { Member = row.Member with { State = StateOf(draining.IsOn) } });
                break;
        }
    }

    private void Welcome(ControllerTime now, ControllerSession session, HelloMessage hello, MemberRow row)
    {
        if (hello.Protocol != ControlLimits.Protocol)
        {
            session.Close(GoodbyeReason.OtherProtocol, $"this controller speaks version {ControlLimits.Protocol} of the control session, not {hello.Protocol}", Later);
        }
        else if (hello.Network != network)
        {
            session.Close(GoodbyeReason.OtherNetwork, $"this controller serves the network {network}, not {hello.Network}", Later);
        }
        else if (hello.Role != row.Member.Role)
        {
            session.Close(GoodbyeReason.NotAMember, $"node {session.Number.Value} was enrolled as {row.Member.Role} and runs as {hello.Role}", Later);
        }
        else if (!sessions.TrySpeak(session))
        {
            session.Close(GoodbyeReason.Superseded, $"a later start of node {session.Number.Value} is connected: do two processes run from copies of one state folder?", Later);
        }
        else
        {
            Take(now, session, hello, row);
        }
    }

    private void Take(ControllerTime now, ControllerSession session, HelloMessage hello, MemberRow row)
    {
        if (!options.IsReadOnly)
            Keep(now, session, hello, row);
        session.Accept(new()
        {
            Controller = options.Name,
            Network = network,
            Number = session.Number,
            Time = now.Wall,
            Controllers = options.Controllers,
            Authorities = options.Authorities,
        });
    }

    private void Keep(ControllerTime now, ControllerSession session, HelloMessage hello, MemberRow row)
    {
        var member = row.Member with { Addresses = hello.Addresses, State = StateOf(hello.IsDraining) };

        // Who shows the newer key has got its certificate: the older key has done its service.
        var older = session.TlsKey == row.TlsKey ? default : row.OlderTlsKey;
        members.Change(now.Wall, MemberChangeKind.Changed, row with { Member = member, OlderTlsKey = older });
    }

    private void Renew(ControllerTime now, ControllerSession session, RenewMessage renew, MemberRow row)
    {
        var key = office.ReadRequest(renew.Request);
        if (Fault(session, renew, row, key) is { } fault)
        {
            session.Refuse(ControlKind.Renew, fault);
            return;
        }

        var member = row.Member with { Key = renew.Key, Expires = now.Wall + options.CertificateLife };

        // The key that this session showed stays good until the new one is used. A third one there is not: had the node got
        // an earlier answer, it would show that key, and within a session it asks once.
        var older = key == session.TlsKey ? default : session.TlsKey;
        members.Change(now.Wall, MemberChangeKind.Renewed, row with { Member = member, TlsKey = key, OlderTlsKey = older, Issuer = options.Issuer });
        session.Issued = key;
        session.Send(new(office.Issue(new(renew.Request, member.Number, member.Key, member.Expires))));
    }

    private string? Fault(ControllerSession session, RenewMessage renew, MemberRow row, Fingerprint key)
    {
        if (options.IsReadOnly)
            return "this controller cannot keep anything now, and signs nothing until it can";
        if (key.IsNone)
            return "the request for a certificate is not one, or does not prove its key";
        if (!office.IsOnCurve(renew.Key))
            return "the overlay key does not lie on the curve P-256";
        if (!session.Issued.IsNone && session.Issued != key)
            return "a certificate was made in this session already: connect with that before another is asked for";
        var owner = members.FindByTlsKey(key) ?? members.FindByOverlayKey(renew.Key);
        var other = members.FindByOverlayKey(renew.Key) ?? owner;
        return owner is not null && (owner != row || other != row) ? $"a key in it belongs to another node than {session.Number.Value}" : null;
    }

    private static MemberState StateOf(bool isDraining) => isDraining ? MemberState.Draining : MemberState.Active;
}
