using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>Lets in who shows a token that counts and whose role is enough, and not too often. A refusal is a status and one sentence.</summary>
internal sealed class ApiGate(ControllerLoop loop) : IDisposable
{
    private const string Scheme = "Bearer ";

    private readonly PartitionedRateLimiter<ulong> _tokens = PartitionedRateLimiter.Create<ulong, ulong>(id => RateLimitPartition.GetTokenBucketLimiter(id, _ => Bucket()));

    private readonly PartitionedRateLimiter<IPAddress> _wrong = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(address, _ =>
        new() { PermitLimit = InspectionLimits.WrongTokensPerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    /// <summary>Null when it is let in, and stands with the request; else the refusal.</summary>
    public async Task<LocalAnswer?> AdmitAsync(HttpContext context, ApiRole least)
    {
        // Tokens are known to the controller that leads.
        if (loop.Mode == LoopMode.StandsBy)
            return LocalAnswer.Refused(StatusCodes.Status503ServiceUnavailable, ExitCodes.Unavailable, loop.Trouble);
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return Wrong(context, "This asks for a token: send \"Authorization: Bearer TOKEN\". \"wecan-controller api-token create\" makes one.");
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !ApiToken.TryParse(header.AsSpan(Scheme.Length), out var token))
            return Wrong(context, "This is no token of the API, or it was cut or mistyped: send it whole, as \"Authorization: Bearer wecanapi1.…\".");
        var (row, counts) = await loop.Do(
            (core, now) =>
            {
                var found = core.Api.Find(token.Id, token.Secret.Hash());
                return (found, found?.Counts(now.Wall) == true);
            },
            context.RequestAborted);
        if (row is null)
            return Wrong(context, "This token is none of this network's: ask its operator for one.");
        if (!counts)
            return Wrong(context, row.IsRevoked ? $"The token \"{row.Name}\" was revoked: ask for another one." : $"The token \"{row.Name}\" ended at {row.Expires}: ask for another one.");
        using var lease = _tokens.AttemptAcquire(row.Id);
        if (!lease.IsAcquired)
        {
            context.Response.Headers.RetryAfter = "1";
            return LocalAnswer.Refused(StatusCodes.Status429TooManyRequests, ExitCodes.TemporarilyNot, $"The token \"{row.Name}\" asks too often: at most {InspectionLimits.RequestsPerSecond} times a second.");
        }

        new Caller($"{row.Name} (API token {ApiToken.IdText(row.Id)})", row.Role, IsLocal: false).StandFor(context);
        return row.Role >= least ? null : NotEnough(row, least);
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _wrong.Dispose();
    }

    private static LocalAnswer NotEnough(ApiTokenRow row, ApiRole least) =>
        LocalAnswer.Refused(StatusCodes.Status403Forbidden, ExitCodes.NoPermission, $"The token \"{row.Name}\" is for a {Word(row.Role)}, and this is for {(least == ApiRole.Viewer ? "a" : "an")} {Word(least)}.");

    public static string Word(ApiRole role) => role.ToString().ToLowerInvariant();

    private LocalAnswer Wrong(HttpContext context, string sentence)
    {
        using var lease = _wrong.AttemptAcquire(AddressOf(context));
        if (!lease.IsAcquired)
        {
            context.Response.Headers.RetryAfter = "60";
            return LocalAnswer.Refused(StatusCodes.Status429TooManyRequests, ExitCodes.TemporarilyNot, "Too many requests without a good token came from this address: wait a minute.");
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return LocalAnswer.Refused(StatusCodes.Status401Unauthorized, ExitCodes.NoPermission, sentence);
    }

    private static TokenBucketRateLimiterOptions Bucket() => new()
    {
        TokenLimit = InspectionLimits.RequestsAtOnce,
        TokensPerPeriod = InspectionLimits.RequestsPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };

    /// <summary>Who has one address of IPv6 has the 2^64 beside it too.</summary>
    private static IPAddress AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}
