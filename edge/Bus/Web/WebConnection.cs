using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using WeCan.Edge.Bus.Web.Posts;
using WeCan.Hosting;
using WeCan.Hosting.Http;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Web;

/// <summary>
/// One TCP connection: (1) it says something, (2) TLS is agreed on, (3) requests are read, their tokens verified on the loop, and (4) each is answered,
/// until one makes a client's WebSocket of it. All steps to the client's greeting have one time together, after which the connection is aborted
/// by whoever looks over strangers, so that none of them needs a timer.
/// </summary>
internal sealed class WebConnection(Socket socket, WebServer server)
{
    private readonly string _address = $"{socket.RemoteEndPoint}";

    public void Abort() => socket.Dispose();

    public async Task RunAsync()
    {
        var stranger = server.Strangers.Add(Abort);
        try
        {
            if (await OpenAsync(stranger) is { } client)
                await client.RunAsync();
        }
        catch (Exception end) when (PipeEnds.IsEnd(end))
        {
            // The peer is gone, was too slow, or said what cannot be read.
        }
        finally
        {
            stranger.Leave();
            Abort();
        }
    }

    /// <summary>The client that it has become; null when it is over.</summary>
    private async Task<WebClient?> OpenAsync(Stranger stranger)
    {
        await socket.ReceiveAsync(Memory<byte>.Empty);
        var tls = await AgreeAsync();
        var reader = new RequestReader(tls);
        try
        {
            while (true)
            {
                var (request, refusal) = await reader.ReadHeadAsync();
                if (request is null && refusal == 0)
                    return null;
                if (request is null)
                {
                    server.Counters.Refuse(WebRefusal.Request);
                    await RefuseAsync(tls, reader, refusal, refusal == HttpStatus.HeaderFieldsTooLarge ? $"The head is longer than {HostingLimits.HttpHeadBytes} bytes, or has too many fields." : "This is no request that can be read: send HTTP/1.1, and a body with its length.");
                    return null;
                }

                stranger.Renew();
                if (request.Kind == WebRequestKind.Bus)
                    return await UpgradeAsync(tls, reader, request, stranger);
                if (!await AnswerAsync(tls, reader, request, stranger))
                    return null;
                stranger.Renew();
            }
        }
        finally
        {
            reader.Release();
        }
    }

    private async Task<SslStream> AgreeAsync()
    {
        var handshake = server.Handshakes.Add(Abort);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await tls.AuthenticateAsServerAsync(server.Tls, CancellationToken.None);
            return tls;
        }
        catch (Exception end) when (PipeEnds.IsEnd(end))
        {
            server.Counters.Refuse(WebRefusal.Handshake);
            throw;
        }
        finally
        {
            handshake.Leave();
        }
    }

    private async Task<WebClient?> UpgradeAsync(SslStream tls, RequestReader reader, WebRequest request, Stranger stranger)
    {
        if (request.Accept.Length == 0 || request.BodyBytes > 0 || reader.HasMore)
        {
            server.Counters.Refuse(WebRefusal.Request);
            await RefuseAsync(tls, reader, HttpStatus.UpgradeRequired, "Here is a WebSocket: ask to upgrade to one, of version 13.");
            return null;
        }

        if (await VerifyAsync(tls, reader, request) is not { } token)
            return null;
        await tls.WriteAsync(WebAnswer.Upgrade(request));
        var options = new WebSocketCreationOptions { IsServer = true, SubProtocol = request.NamesProtocol ? "wecan" : null, KeepAliveInterval = TimeSpan.Zero };
        return new(server.Gateway, new WebSocketPipe(WebSocket.CreateFromStream(tls, options), socket), token, _address, stranger);
    }

    /// <summary>What the request's token says; null when it was refused.</summary>
    private async Task<ClientToken?> VerifyAsync(SslStream tls, RequestReader reader, WebRequest request)
    {
        var (token, fault) = request.Token.Length == 0 ? (null, TokenFault.None) : await server.Gateway.VerifyAsync(request.Token);
        if (token is not null)
            return token;
        server.Counters.Refuse(WebRefusal.Token);
        await RefuseAsync(tls, reader, HttpStatus.Unauthorized, request.Token.Length == 0 ? "Nobody is let in without a token: send one as \"Authorization: Bearer TOKEN\"." : TokenWords.Of(fault));
        return null;
    }

    /// <summary>False when nothing more is read.</summary>
    private async Task<bool> AnswerAsync(SslStream tls, RequestReader reader, WebRequest request, Stranger stranger)
    {
        if (request.Kind != WebRequestKind.Publish)
        {
            server.Counters.Refuse(WebRefusal.Request);
            await RefuseOtherAsync(tls, reader, request);
            return false;
        }

        if (await VerifyAsync(tls, reader, request) is not { } token)
            return false;
        if (request.BodyBytes > BusLimits.MaxPayload || request.Extras is null)
        {
            server.Counters.Refuse(WebRefusal.Request);
            await (request.Extras is null
                ? RefuseAsync(tls, reader, HttpStatus.BadRequest, "The message's id or headers are too long, or no UTF-8: an id has at most 128 bytes, all headers together 16 KiB.")
                : RefuseAsync(tls, reader, HttpStatus.ContentTooLarge, $"The message has {request.BodyBytes} bytes; at most {BusLimits.MaxPayload} are taken."));
            return false;
        }

        if (!server.Bodies.TryTake(request.BodyBytes))
        {
            await RefuseAsync(tls, reader, HttpStatus.ServiceUnavailable, "Too many messages are being posted to this edge: post again later.");
            return false;
        }

        try
        {
            return await PostAsync(tls, reader, request, token, stranger);
        }
        finally
        {
            server.Bodies.Return(request.BodyBytes);
        }
    }

    private async Task<bool> PostAsync(SslStream tls, RequestReader reader, WebRequest request, ClientToken token, Stranger stranger)
    {
        var body = new byte[request.BodyBytes];
        if (request.AwaitsWord && !reader.HasMore)
            await tls.WriteAsync(WebAnswer.Continue);
        if (!await reader.TryReadBodyAsync(body))
            return false;

        // It has said all that it has to, and now waits for us.
        stranger.Renew();
        var order = new PostOrder(server.Gateway, token, new(request.Subject, request.Extras!, body));
        server.Gateway.Post(order);
        var answer = await order.Answer;
        await tls.WriteAsync(WebAnswer.Of(answer.Status, answer.Words, request.KeepsOpen, server.Now));
        return request.KeepsOpen;
    }

    private Task RefuseOtherAsync(SslStream tls, RequestReader reader, WebRequest request) => request.Kind switch
    {
        WebRequestKind.NotGet => RefuseAsync(tls, reader, HttpStatus.MethodNotAllowed, "/bus is a WebSocket: it is opened with GET.", "GET"),
        WebRequestKind.NotPost => RefuseAsync(tls, reader, HttpStatus.MethodNotAllowed, "A message is published with POST.", "POST"),
        _ => RefuseAsync(tls, reader, HttpStatus.NotFound, "There is nothing here: /bus is a WebSocket, and a message is published with POST /publish/SUBJECT."),
    };

    private async Task RefuseAsync(SslStream tls, RequestReader reader, int status, string words, string allow = "")
    {
        await tls.WriteAsync(WebAnswer.Of(status, words, keepsOpen: false, server.Now, allow));
        await tls.ShutdownAsync();
        socket.Shutdown(SocketShutdown.Send);
        await reader.TakeLeaveAsync();
    }
}
