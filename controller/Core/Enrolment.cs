using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>
/// Lets nodes in. Using the token and making the member are one step, and so one transaction. A node whose answer was lost
/// asks again with the same keys and the same token, and gets the same number: for as long as the token is remembered, be it
/// used up or past its end.
/// </summary>
internal sealed class Enrolment(TokenBook tokens, MemberBook members, ControllerOptions options, CertificateOffice office)
{
    public EnrolOutcome Enrol(UnixTime now, EnrolOrder order)
    {
        if (Fault(order) is { } fault)
            return EnrolOutcome.Refused(fault);
        if (tokens.Find(order.Token, order.SecretHash) is not { } token)
            return EnrolOutcome.Refused($"There is no token {EnrolmentToken.IdText(order.Token)} here: it may have ended long ago, or belong to another network. Make a new one with \"wecan-controller token create\".");
        if (token.IsRevoked)
            return EnrolOutcome.Refused($"The token {EnrolmentToken.IdText(token.Id)} was revoked: make a new one with \"wecan-controller token create\".");
        if (token.Role != order.Role)
            return EnrolOutcome.Refused($"The token {EnrolmentToken.IdText(token.Id)} is for a node of the role {Word(token.Role)}, and this one is of the role {Word(order.Role)}: make one with --role {Word(order.Role)}.");

        var byOverlay = members.FindByOverlayKey(order.OverlayKey);
        var byTls = members.FindByTlsKey(order.TlsKey);
        if (byOverlay != byTls || (byTls is not null && byTls.TlsKey != order.TlsKey))
            return EnrolOutcome.Refused($"One of this node's keys belongs to node {members.History.NameOf((byTls ?? byOverlay)!.Member.Number)} already: two nodes must not share a state folder, so empty this one's and enrol again.");
        return byTls is not null && byTls.Token == token.Id ? new(byTls.Member, "") : Use(now, order, token, byTls);
    }

    private EnrolOutcome Use(UnixTime now, EnrolOrder order, TokenRow token, MemberRow? known)
    {
        if (token.Expires <= now)
            return EnrolOutcome.Refused($"The token {EnrolmentToken.IdText(token.Id)} ended at {token.Expires}: make a new one with \"wecan-controller token create\".");
        if (token.UsesLeft == 0)
            return EnrolOutcome.Refused($"The token {EnrolmentToken.IdText(token.Id)} was used already: make a new one with \"wecan-controller token create\".");
        if (known is not null)
            return Again(now, token, known);
        if (members.Join(now, order, token) is not { } row)
            return EnrolOutcome.Refused("The network has no number left: those that were given back rest for a day.");
        tokens.Use(token);
        return new(row.Member, "");
    }

    /// <summary>A member that comes with a new token, as its certificate was lost or has ended: it stays who it is.</summary>
    private EnrolOutcome Again(UnixTime now, TokenRow token, MemberRow known)
    {
        if (known.Member.Role != token.Role)
            return EnrolOutcome.Refused($"This node is the {Word(known.Member.Role)} {members.History.NameOf(known.Member.Number)}: revoke that before it becomes another.");
        var row = known with { Token = token.Id, Member = known.Member with { Expires = now + options.CertificateLife } };
        members.Change(now, MemberChangeKind.Renewed, row);
        tokens.Use(token);
        return new(row.Member, "");
    }

    private string? Fault(EnrolOrder order)
    {
        if (order.Role is not (NodeRole.Relay or NodeRole.Edge))
            return "A node is a relay or an edge.";
        if (order.Addresses.Count > ControlLimits.MaxAddresses)
            return $"A node has at most {ControlLimits.MaxAddresses} addresses, not {order.Addresses.Count}.";
        if (!office.IsOnCurve(order.OverlayKey))
            return "The node's overlay key is none: it does not lie on the curve P-256.";
        return Labels.Problem(order.Name, order.Region, order.Site, order.Operator);
    }

    private static string Word(NodeRole role) => role == NodeRole.Edge ? "edge" : "relay";
}
