using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Authority;
using WeCan.Controller.Core;
using WeCan.Controller.Inspection;
using WeCan.Controller.Service;
using WeCan.Controller.Store;

namespace WeCan.Controller.Admin;

/// <summary>
/// Does what operators ask, the same whether a controller runs and is asked over its socket, or none runs and the command
/// has opened the store itself.
/// </summary>
internal sealed class AdminDesk(ControllerLoop loop, NetworkAuthority authority, ILogger log)
{
    private readonly ApiTokenDesk _api = new(loop);

    /// <summary>False where a command has opened the store itself, and no node can be connected.</summary>
    public bool Runs { get; init; } = true;

    /// <summary>Does a command. What it changes is kept together with who asked for it.</summary>
    public async Task<AdminAnswer> RunAsync(AdminRequest request, string who, CancellationToken cancellation)
    {
        // What a controller that stands by knows is nothing to go by.
        if (loop.Mode == LoopMode.StandsBy)
            return new(false, loop.Trouble);
        try
        {
            var answer = request.Command switch
            {
                "token create" => await CreateTokenAsync(request.Arguments, who, cancellation),
                "token list" => await loop.Do((core, now) => new AdminAnswer(true, Tokens(core, now)), cancellation),
                "token revoke" => await RevokeTokenAsync(Argument(request.Arguments, "id"), who, cancellation),
                "node list" => await loop.Do((core, _) => new AdminAnswer(true, Nodes(core)), cancellation),
                "node revoke" => await RevokeNodeAsync(Argument(request.Arguments, "number"), who, cancellation),
                "link list" => await loop.Do((core, now) => new RouteTexts(core, now).Links(Argument(request.Arguments, "node")), cancellation),
                "route show" => await ShowRouteAsync(Argument(request.Arguments, "from"), Argument(request.Arguments, "to"), cancellation),
                "authority show" => await loop.Do((core, _) => new AdminAnswer(true, Authority(core)), cancellation),
                "backup" => await BackUpAsync(Argument(request.Arguments, "path"), cancellation),
                "api-token create" => await _api.CreateAsync(request.Arguments, who, cancellation),
                "api-token list" => await _api.ListAsync(cancellation),
                "api-token revoke" => await _api.RevokeAsync(Argument(request.Arguments, "id"), who, cancellation),
                _ => new(false, $"There is no command \"{request.Command}\": is the program of another version than the controller that runs?"),
            };
            if (answer.IsDone && AdminCommands.Changes(request.Command))
                ServiceLog.OperatorDid(log, request.Command, About(request.Arguments));
            return answer;
        }
        catch (StoreException problem)
        {
            return new(false, problem.Message) { IsStore = true };
        }
    }

    private async Task<AdminAnswer> ShowRouteAsync(string from, string to, CancellationToken cancellation)
    {
        var problem = "";
        var look = await loop.Do((core, now) => new RouteTexts(core, now).Look(from, to, out problem), cancellation);
        return look is null ? new(false, problem) : new(true, RouteTexts.Show(new RouteExplainer(look).Explain()));
    }

    private async Task<AdminAnswer> CreateTokenAsync(IReadOnlyDictionary<string, string> arguments, string who, CancellationToken cancellation)
    {
        var order = new TokenOrder
        {
            Role = Argument(arguments, "role") == "edge" ? NodeRole.Edge : NodeRole.Relay,
            Name = Argument(arguments, "name"),
            Region = Argument(arguments, "region"),
            Site = Argument(arguments, "site"),
            Operator = Argument(arguments, "operator"),
            Uses = int.TryParse(Argument(arguments, "uses"), out var uses) ? uses : 1,
            ValidFor = Duration.FromSeconds(long.TryParse(Argument(arguments, "valid_seconds"), out var seconds) ? seconds : 3_600),
        };
        var random = RandomNumberGenerator.GetBytes(8 + TokenSecret.Bytes);
        var token = new EnrolmentToken(BinaryPrimitives.ReadUInt64BigEndian(random), random.AsSpan(8), authority.FaceFingerprint);
        var problem = await loop.Change(
            (core, now) =>
            {
                var wrong = core.CreateToken(now, order, token.Id, token.Secret.Hash());
                if (wrong is null)
                    core.Api.Note(now.Wall, who, $"made token {EnrolmentToken.IdText(token.Id)} for {order.Uses} {Word(order.Role)}, valid for {order.ValidFor}");
                return wrong;
            },
            cancellation);
        return problem is null ? new(true, token.Reveal()) : new(false, problem);
    }

    private async Task<AdminAnswer> RevokeTokenAsync(string id, string who, CancellationToken cancellation)
    {
        if (!ulong.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
            return new(false, $"\"{id}\" is no token's id: \"wecan-controller token list\" shows them.");
        return await loop.Change((core, now) => Noted(core, now, core.RevokeToken(number), who, $"revoked token {EnrolmentToken.IdText(number)}"), cancellation)
            ? new(true, $"Token {EnrolmentToken.IdText(number)} lets nobody in any more. Who came in with it stays: see \"wecan-controller node list\".")
            : new(false, $"There is no token {EnrolmentToken.IdText(number)} that could be revoked: \"wecan-controller token list\" shows them.");
    }

    private async Task<AdminAnswer> RevokeNodeAsync(string text, string who, CancellationToken cancellation)
    {
        if (!ushort.TryParse(text, out var number) || number == 0)
            return new(false, $"\"{text}\" is no node's number: \"wecan-controller node list\" shows them.");
        NodeName name = new(number, "");
        var isDone = await loop.Change(
            (core, now) =>
            {
                name = core.History.NameOf(new(number));
                return Noted(core, now, core.Revoke(now, new(number)), who, $"revoked node {name}");
            },
            cancellation);
        return isDone
            ? new(true, $"Node {name} is no member any more; its number rests for a day. A token that still has uses would let it in again: see \"wecan-controller token list\".")
            : new(false, $"There is no node {number}: \"wecan-controller node list\" shows them.");
    }

    /// <summary>Keeps who did it, in the same step, where it was done.</summary>
    private static bool Noted(ControllerCore core, ControllerTime now, bool isDone, string who, string what)
    {
        if (isDone)
            core.Api.Note(now.Wall, who, what);
        return isDone;
    }

    private static string Tokens(ControllerCore core, ControllerTime now)
    {
        var text = new StringBuilder("id                role   uses  state    ends\n");
        foreach (var token in core.Tokens)
        {
            var state = token.IsRevoked ? "revoked" : token.Expires <= now.Wall ? "ended" : token.UsesLeft == 0 ? "used" : "open";
            text.AppendLine(CultureInfo.InvariantCulture, $"{EnrolmentToken.IdText(token.Id)}  {Word(token.Role),-5}  {token.UsesLeft,4}  {state,-7}  {token.Expires}");
        }

        return text.ToString().TrimEnd();
    }

    private string Nodes(ControllerCore core)
    {
        var connected = core.Sessions.Where(session => session.Hello is not null && session.End is null).Select(session => session.Number).ToHashSet();
        var text = new StringBuilder("number  role   state     connected  ends                  name\n");
        foreach (var row in core.Members)
        {
            var member = row.Member;
            var state = member.State == MemberState.Draining ? "draining" : core.Routing.Health.IsOut(member.Number) ? "failing" : "active";
            text.AppendLine(CultureInfo.InvariantCulture, $"{member.Number.Value,6}  {Word(member.Role),-5}  {state,-8}  {(!Runs ? "-" : connected.Contains(member.Number) ? "yes" : "no"),-9}  {member.Expires}  {member.Name}");
        }

        if (!Runs)
            text.AppendLine("No controller runs here: this is what the store holds.");
        return text.ToString().TrimEnd();
    }

    private string Authority(ControllerCore core)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"signs      {authority.SigningText}, until {UnixTime.From(new(authority.Signing.Certificate.NotAfter.ToUniversalTime()))}");
        if (!authority.IsRotating)
            return text.ToString();
        var renewed = core.Members.Count(row => row.Issuer == authority.SigningFingerprint);
        text.Append(CultureInfo.InvariantCulture, $"\noutgoing   {authority.OutgoingText}\nrenewed    {renewed} of {core.Members.Count} members");
        text.Append(renewed == core.Members.Count ? "\nStop the controller and run \"wecan-controller authority retire\" to end the rotation." : "\nThe others renew when they connect; then the outgoing authority can be retired.");
        return text.ToString();
    }

    private async Task<AdminAnswer> BackUpAsync(string path, CancellationToken cancellation)
    {
        await loop.CopyStoreAsync(path, cancellation);
        return new(true, "");
    }

    /// <summary>What was done to whom, in the operator's own words; no secret is among a command's arguments.</summary>
    private static string About(IReadOnlyDictionary<string, string> arguments) =>
        string.Join(' ', arguments.Where(argument => argument.Value.Length > 0).OrderBy(argument => argument.Key, StringComparer.Ordinal).Select(argument => $"{argument.Key}={argument.Value}"));

    private static string Word(NodeRole role) => role == NodeRole.Edge ? "edge" : "relay";

    private static string Argument(IReadOnlyDictionary<string, string> arguments, string name) => arguments.GetValueOrDefault(name, "");
}
