using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Enrolment;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Authority;
using WeCan.Controller.Core;
using WeCan.Controller.Store;
using WeCan.Hosting.Certificates;

namespace WeCan.Controller.Service;

/// <summary>What nodes reach over TLS. A refusal is a status and one sentence as text.</summary>
internal sealed class NodeEndpoints(ControllerLoop loop, NetworkAuthority authority, string id, IReadOnlyList<string> controllers, TimeProvider time, ILogger log, CancellationToken stopping)
{
    private readonly CertificateVerifier _verifier = authority.Verifier(time);

    public X509Certificate2 OwnCertificate => authority.Own;

    /// <summary>The authority's certificate in DER, which a node holds against its token before it says anything else.</summary>
    public async Task AuthorityAsync(HttpContext context) => await context.Response.Body.WriteAsync(authority.Face.RawData, context.RequestAborted);

    /// <summary>This controller's name if it leads, for the others of the network.</summary>
    public async Task LeaderAsync(HttpContext context)
    {
        var leads = loop.Mode == LoopMode.Leads;
        context.Response.StatusCode = leads ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsync(leads ? id : loop.Trouble, context.RequestAborted);
    }

    public async Task EnrolAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (!EnrolRequest.TryRead(body.GetBuffer().AsSpan(0, (int)body.Length), out var request))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, RefusalReason.Malformed, "This is no request to enrol that this controller understands: update the node, or the controller.");
            return;
        }

        var key = AuthorityOffice.ReadRequest(request.Request);
        if (key.IsNone)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, RefusalReason.Malformed, "The request for a certificate in it is not one, or does not prove a key of P-256.");
            return;
        }

        try
        {
            var outcome = await loop.Change((core, now) => Enrol(core, now, request, key), context.RequestAborted);
            if (outcome.Answer is null)
            {
                await RefuseAsync(context, StatusCodes.Status403Forbidden, RefusalReason.NotAllowed, outcome.Problem);
                return;
            }

            ServiceLog.Joined(log, outcome.Name, request.Role.ToString(), EnrolmentToken.IdText(request.Token));
            await context.Response.Body.WriteAsync(outcome.Answer.ToArray(), context.RequestAborted);
        }
        catch (StoreException problem)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, RefusalReason.Store, problem.Message);
        }
    }

    public async Task ControlAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, RefusalReason.Malformed, "Here nodes connect with a WebSocket.", ServiceLog.ConnectionRefused);
            return;
        }

        var certificate = context.Connection.ClientCertificate;
        if (Judge(certificate, out var refusal) is not { } number)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, RefusalReason.Certificate, $"This controller does not take the node's certificate: {refusal}.", ServiceLog.ConnectionRefused);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await using var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, closeTimeout: TimeSpan.FromSeconds(1));
        await ServeAsync(stream, number, certificate!, Address(context), "WebSocket");
    }

    /// <summary>Which node a certificate speaks for; none, and why, where it speaks for none.</summary>
    public NodeId? Judge(X509Certificate2? certificate, out string refusal)
    {
        var verdict = _verifier.Verify(certificate);
        refusal = verdict.Reason ?? "it is no node's";
        return verdict.Identity?.NodeNumber is { } number ? new NodeId(number) : null;
    }

    /// <summary>Counts a connection whose certificate was not taken, where that is told by other means than an answer over HTTP.</summary>
    public void Refused() => loop.Statistics.Refuse(RefusalReason.Certificate);

    /// <summary>The control session of a node that was judged, over whatever carries its bytes, until either side ends it.</summary>
    public async Task ServeAsync(Stream stream, NodeId number, X509Certificate2 certificate, string address, string transport)
    {
        var connection = new ControlConnection(loop, stream, number, AuthorityOffice.KeyOf(certificate.PublicKey), log);
        await connection.RunAsync(address, transport, stopping);
    }

    private (EnrolAnswer? Answer, NodeName Name, string Problem) Enrol(ControllerCore core, ControllerTime now, EnrolRequest request, Contracts.Control.Fingerprint key)
    {
        var outcome = core.Enrol(now, new()
        {
            Token = request.Token,
            SecretHash = request.Secret.Hash(),
            TlsKey = key,
            OverlayKey = request.Key,
            Role = request.Role,
            Name = request.Name,
            Region = request.Region,
            Site = request.Site,
            Operator = request.Operator,
            Addresses = request.Addresses,
        });
        return outcome.Member is { } member
            ? (new(core.Network.Id, member.Number, core.Issue(now, member, request.Request), controllers), new(member.Number.Value, member.Name), "")
            : (null, new(0, ""), outcome.Problem);
    }

    private async Task RefuseAsync(HttpContext context, int status, RefusalReason reason, string sentence, Action<ILogger, string, string>? tell = null)
    {
        loop.Statistics.Refuse(reason);
        (tell ?? ServiceLog.EnrolRefused)(log, Address(context), sentence);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(sentence, context.RequestAborted);
    }

    private static string Address(HttpContext context) => $"{context.Connection.RemoteIpAddress}";
}
