using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Service;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>Who may come to the bus (docs/messagebus.md): the public keys of clients' tokens, and tokens that were taken back.</summary>
internal sealed class AccessApi(ControllerLoop loop, ILogger log)
{
    private const string Keys = "/v1/auth/keys";
    private const string Revocations = "/v1/auth/revocations";

    private static readonly ApiParameter OnlySpace = new("space", false, "Only what is of this space.");

    private static readonly ApiParameter[] Whose =
    [
        new("space", true, "The space."),
        new("sub", false, "The client, as its tokens name it; or"),
        new("jti", false, "one token, by its own name."),
    ];

    public IEnumerable<ApiOperation> Operations =>
    [
        new("GET", Keys, "The public keys that clients' tokens are signed with.", context => Known(context, ListKeys)) { Parameters = [OnlySpace], Answers = InspectionJson.Default.AuthKeysReport },
        new("POST", Keys, "Adds public keys, or binds those that are there to other spaces.", context => ApiAnswers.KnownAsync(loop, () => AddAsync(context)))
        {
            Role = ApiRole.Operator,
            Parameters = [new("space", false, "The spaces that they sign for, with commas; those that each names itself, unless given."), new("all_spaces", false, "\"true\" where a key that names no space signs for all.")],
            AsksDocument = "A JSON Web Key on P-256 without its private half, or a set of them.",
            Answers = InspectionJson.Default.AuthChangeReport,
        },
        new("DELETE", Keys, "Removes a public key: who came by a token that it signed is let go of.", context => ApiAnswers.KnownAsync(loop, () => RemoveAsync(context)))
        {
            Role = ApiRole.Operator,
            Parameters = [new("kid", true, "Its name.")],
            Answers = InspectionJson.Default.AuthChangeReport,
        },
        new("GET", Revocations, "Tokens that were taken back.", context => Known(context, ListRevocations))
        {
            Parameters = [OnlySpace, new("sub", false, "Only those of this client, and"), new("jti", false, "of this token.")],
            Answers = InspectionJson.Default.AuthRevocationsReport,
        },
        Change("POST", "Takes tokens back: of a client those that are issued until now, or until a time; or one token.", RevokeAsync, new ApiParameter("until", false, "Until when a client is shut out; of one token, its end. In RFC 3339, or in seconds since 1970.")),
        Change("DELETE", "Lets count again what was taken back.", RestoreAsync),
    ];

    private ApiOperation Change(string method, string summary, Func<HttpContext, string, bool, string, Task<LocalAnswer>> change, params ApiParameter[] more) =>
        new(method, Revocations, summary, context => ApiAnswers.KnownAsync(loop, () => WhoseAsync(context, change)))
        {
            Role = ApiRole.Operator,
            Parameters = [.. Whose, .. more],
            Answers = InspectionJson.Default.AuthChangeReport,
        };

    private Task<LocalAnswer?> Known(HttpContext context, Func<ControllerCore, HttpContext, LocalAnswer> read) =>
        ApiAnswers.KnownAsync(loop, () => loop.Do((core, _) => read(core, context), context.RequestAborted));

    private static LocalAnswer ListKeys(ControllerCore core, HttpContext context)
    {
        var space = Query(context, "space");
        var (edges, current) = EdgesOf(core);
        var entries = from row in core.Access.Book.Of(AccessKind.Key)
                      let key = TokenKey.TryRead(row.Record, out var read) ? read : null
                      where key is not null && (space is null || key.MaySign(space))
                      select new AuthKeyEntry(key.Id, key.Spaces, Base64Url.EncodeToString(key.Point.X), Base64Url.EncodeToString(key.Point.Y), row.At.ToDateTimeOffset(), row.Who);
        return LocalAnswer.Done(new(core.Access.Book.Version.Number, edges, current, [.. entries]), InspectionJson.Default.AuthKeysReport);
    }

    private static LocalAnswer ListRevocations(ControllerCore core, HttpContext context)
    {
        var (space, sub, jti) = (Query(context, "space"), Query(context, "sub"), Query(context, "jti"));
        var (edges, current) = EdgesOf(core);
        var entries = (from row in core.Access.Book.Of(AccessKind.Revocation)
                       let said = Revocation.TryRead(row.Record, out var read) ? read : null
                       where said is not null && (space is null || said.Space == space) && ((sub is null && jti is null) || said.Name == (said.IsClient ? sub : jti))
                       select new AuthRevocationEntry(
                           said.Space,
                           said.IsClient ? said.Name : null,
                           said.IsClient ? null : said.Name,
                           said.IsClient ? said.IssuedUntil.ToDateTimeOffset() : null,
                           said.Until.ToDateTimeOffset(),
                           row.At.ToDateTimeOffset(),
                           row.Who)).ToList();
        return LocalAnswer.Done(new(core.Access.Book.Version.Number, edges, current, entries.Count, [.. entries.Take(InspectionLimits.Revocations)]), InspectionJson.Default.AuthRevocationsReport);
    }

    private async Task<LocalAnswer> AddAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, ApiLimits.KeySetBytes, InspectionLimits.PolicyBytesTaken) is not { } bytes)
            return LocalAnswer.Refused(StatusCodes.Status413PayloadTooLarge, ExitCodes.Usage, $"The key set is larger than the {ApiLimits.KeySetBytes >> 10} KiB that are read: is it the right file?");
        if (!TokenKeyFile.TryRead(Encoding.UTF8.GetString(bytes), out var keys, out var problem))
            return ApiAnswers.Bad(problem);
        if (keys.Count == 0)
            return ApiAnswers.Bad("The key set holds no key.");
        if (Query(context, "space") is { } text)
        {
            var spaces = text.Split(',').Distinct(StringComparer.Ordinal).ToList();
            if (spaces.Count > AccessLimits.MaxSpaces || spaces.Find(space => !SpaceNames.IsOne(space)) is not null)
                return ApiAnswers.Bad($"\"{text}\" is no space, nor at most {AccessLimits.MaxSpaces} of them with commas: a space is 1 to {AccessLimits.MaxSpaceBytes} of a to z, digits, - and _.");
            if (keys.FirstOrDefault(key => key.Spaces.Count > 0 && !spaces.TrueForAll(key.MaySign)) is { } other)
                return ApiAnswers.Bad($"Key \"{other.Id}\" names its own spaces ({string.Join(", ", other.Spaces)}), and {text} is not of these: take them out of the file, or ask for these.");
            keys = [.. keys.Select(key => key with { Spaces = spaces })];
        }

        if (Query(context, "all_spaces") != "true" && keys.FirstOrDefault(key => key.Spaces.Count == 0) is { } free)
            return ApiAnswers.Bad($"For which spaces key \"{free.Id}\" may sign is not said: name them with space (--space), or say that it signs for all with all_spaces=true (--all-spaces).");
        return await DoAsync(context, "auth key add", (access, now, who) => access.AddKeys(now, who, keys));
    }

    private Task<LocalAnswer> RemoveAsync(HttpContext context) => Query(context, "kid") is { } id
        ? DoAsync(context, "auth key remove", (access, now, who) => access.RemoveKey(now, who, id))
        : Task.FromResult(ApiAnswers.Bad("Which key to remove is not said: write kid=NAME."));

    private Task<LocalAnswer> WhoseAsync(HttpContext context, Func<HttpContext, string, bool, string, Task<LocalAnswer>> change)
    {
        var (space, sub, jti) = (Query(context, "space"), Query(context, "sub"), Query(context, "jti"));
        if (space is null || !SpaceNames.IsOne(space))
            return Task.FromResult(ApiAnswers.Bad($"Of which space is not said, or \"{space}\" is none: write space=NAME."));
        if (sub is null == jti is null)
            return Task.FromResult(ApiAnswers.Bad("Whose tokens is not said, or twice: write either sub=CLIENT or jti=TOKEN."));
        return Revocation.IsName(sub ?? jti!) ? change(context, space, sub is not null, sub ?? jti!)
            : Task.FromResult(ApiAnswers.Bad($"A name has 1 to {AccessLimits.MaxNameBytes} bytes and nothing that cannot be shown."));
    }

    private Task<LocalAnswer> RevokeAsync(HttpContext context, string space, bool isClient, string name)
    {
        if (!TryReadTime(Query(context, "until"), out var until))
            return Task.FromResult(ApiAnswers.Bad($"\"{Query(context, "until")}\" is no time: write it as 2026-12-24T18:00:00Z."));
        return DoAsync(context, "auth revoke", (access, now, who) =>
        {
            var most = now + (isClient ? AccessLimits.LongestExclusion : AccessLimits.MaxTokenLife + AccessLimits.ClockTolerance);
            return until < now ? AccessOutcome.Refused($"{until} is past: nothing would be revoked.")
                : until > most ? AccessOutcome.Refused($"{until} is too far away: {(isClient ? "a client is shut out" : "no token lives")} until {most} at most.")
                : access.Revoke(now, who, Revocation.Of(now, space, isClient, name, until));
        });
    }

    private Task<LocalAnswer> RestoreAsync(HttpContext context, string space, bool isClient, string name) =>
        DoAsync(context, "auth restore", (access, now, who) => access.Restore(now, who, space, isClient, name));

    /// <summary>Does a change, notes who wanted it, and answers what was done.</summary>
    public async Task<LocalAnswer> DoAsync(HttpContext context, string command, Func<AccessDesk, UnixTime, string, AccessOutcome> change)
    {
        var who = Caller.Of(context).Who;
        var (outcome, version) = await loop.Change((core, now) => (change(core.Access, now.Wall, who), core.Access.Book.Version.Number), context.RequestAborted);
        if (outcome.Refusal is { } refusal)
            return ApiAnswers.Bad(refusal);
        foreach (var done in outcome.Done)
            ServiceLog.OperatorDid(log, command, done);
        return LocalAnswer.Done(new(version, outcome.Done), InspectionJson.Default.AuthChangeReport);
    }

    /// <summary>The edges that are connected and ask for what there is, and those that have it on their disks.</summary>
    public static (int All, int Current) EdgesOf(ControllerCore core)
    {
        var edges = core.Sessions.Where(session => session.End is null && session.AcknowledgedAccess is not null).ToList();
        return (edges.Count, edges.Count(session => session.AcknowledgedAccess == core.Access.Book.Version));
    }

    private static bool TryReadTime(string? text, out UnixTime? time)
    {
        time = null;
        if (text is null)
            return true;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= UnixTime.MaxValue.Seconds)
            time = new(seconds);
        else if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) && date > DateTimeOffset.UnixEpoch)
            time = UnixTime.From(date);
        return time is not null;
    }

    private static string? Query(HttpContext context, string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
