using System.Security.Cryptography;
using System.Text.RegularExpressions;
using WeCan.Bench.Shipped;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Bench.Bus;

/// <summary>An edge as it ships, in a network of its own on the loopback, that lets clients of one space in.</summary>
internal sealed partial class BusEdge : IDisposable
{
    private const string Space = "bench";
    private const string KeyId = "bench";

    private static readonly long Lifetime = (long)TimeSpan.FromDays(1).TotalSeconds;

    private readonly ECDsa _signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _keys = Path.GetTempFileName();
    private readonly ShippedNetwork _network = new();

    public BusEdge()
    {
        try
        {
            var point = _signer.ExportParameters(includePrivateParameters: false).Q;
            File.WriteAllText(_keys, $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"{{KeyId}}","x":"{{Base64(point.X!)}}","y":"{{Base64(point.Y!)}}"}]}""");
            Daemon = _network.StartEdge("--bus.keys", _keys);
            Address = AddressPart().Match(Daemon.Await("Clients connect to wecan://")).Value;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public MeteredDaemon Daemon { get; } = null!;

    /// <summary>As the edge's log has it.</summary>
    public string Address { get; } = "";

    /// <summary>A token that lets a client publish and subscribe all.</summary>
    public string Token(string name)
    {
        var all = new PermissionList([[.. System.Text.Encoding.UTF8.GetBytes($"{Space}.>")]]);
        var token = new ClientToken { Space = Space, Name = name, Expires = new(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + Lifetime), Publish = all, Subscribe = all };
        return TokenMaker.Make(token, KeyId, _signer);
    }

    public void Dispose()
    {
        _network.Dispose();
        _signer.Dispose();
        File.Delete(_keys);
    }

    private static string Base64(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    [GeneratedRegex("wecan://[^\\s\"]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AddressPart();
}
