using System.Globalization;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Admin;

/// <summary>Makes, shows and revokes the tokens of the inspection API. A secret leaves this place once, with the answer to who had it made.</summary>
internal sealed class ApiTokenDesk(ControllerLoop loop)
{
    private const long LeastLife = 60;

    public async Task<AdminAnswer> CreateAsync(IReadOnlyDictionary<string, string> arguments, string who, CancellationToken cancellation)
    {
        var name = arguments.GetValueOrDefault("name", "");
        if (!Enum.TryParse<ApiRole>(arguments.GetValueOrDefault("role", ""), ignoreCase: true, out var role) || !Enum.IsDefined(role) || int.TryParse(arguments["role"], out _))
            return new(false, "A token of the API is for a role: write --role viewer, operator or admin.");
        if (name.Length == 0)
            return new(false, "A token of the API has a name, by which the audit log tells who did what: write --name.");
        if (Labels.Problem("name", name, ControlLimits.MaxName) is { } ofName)
            return new(false, ofName);
        if (!long.TryParse(arguments.GetValueOrDefault("valid_seconds", ""), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds < LeastLife || seconds > ControllerLimits.MaxTokenLife.Seconds)
            return new(false, "A token of the API is valid for 1 minute to 365 days: write --valid 30d.");
        var token = ApiToken.Draw();
        return await loop.Change(
            (core, now) =>
            {
                var row = new ApiTokenRow { Id = token.Id, SecretHash = token.Secret.Hash(), Role = role, Name = name, Created = now.Wall, Expires = now.Wall + Duration.FromSeconds(seconds) };
                if (!core.Api.TryAdd(row))
                    return new(false, $"There are {core.Api.Tokens.Count} tokens of the API, and no more are kept: revoke some, or wait until they have ended.");
                core.Api.Note(now.Wall, who, $"made API token {ApiToken.IdText(token.Id)} ({name}) for {(role == ApiRole.Viewer ? "a" : "an")} {Word(role)}, until {row.Expires}");
                return new AdminAnswer(true, token.Reveal());
            },
            cancellation);
    }

    public Task<AdminAnswer> ListAsync(CancellationToken cancellation) => loop.Do(
        (core, now) =>
        {
            if (core.Api.Tokens.Count == 0)
                return new(true, "There is no token of the API: \"wecan-controller api-token create\" makes one.");
            var table = new TextTable().Left("id").Left("role").Left("name").Left("state").Left("ends");
            foreach (var row in core.Api.Tokens)
                table.Row(ApiToken.IdText(row.Id), Word(row.Role), row.Name, row.IsRevoked ? "revoked" : row.Counts(now.Wall) ? "open" : "ended", row.Expires.ToString());
            return new AdminAnswer(true, table.ToString());
        },
        cancellation);

    public async Task<AdminAnswer> RevokeAsync(string text, string who, CancellationToken cancellation)
    {
        if (!ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id))
            return new(false, $"\"{text}\" is no id of an API token: \"wecan-controller api-token list\" shows them.");
        var revoked = await loop.Change(
            (core, now) =>
            {
                var row = core.Api.Revoke(id);
                if (row is not null)
                    core.Api.Note(now.Wall, who, $"revoked API token {ApiToken.IdText(id)} ({row.Name})");
                return row;
            },
            cancellation);
        return revoked is null
            ? new(false, $"There is no API token {ApiToken.IdText(id)} that could be revoked: \"wecan-controller api-token list\" shows them.")
            : new(true, $"API token {ApiToken.IdText(id)} ({revoked.Name}) opens nothing any more.");
    }

    private static string Word(ApiRole role) => role.ToString().ToLowerInvariant();
}
