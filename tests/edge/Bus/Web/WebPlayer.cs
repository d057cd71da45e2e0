using System.Diagnostics;
using System.Net.Security;
using System.Net.WebSockets;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.Protocol.Crypto;

namespace WeCan.Edge.Tests.Bus.Web;

/// <summary>A client of the bus on the framework's own WebSocket, which remembers all that it was told.</summary>
internal sealed class WebPlayer(WebEdge edge, int seed) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 << 10];
    private ClientWebSocket? _web;
    private Task<ValueWebSocketReceiveResult>? _receiving;

    public BusPlayer Player { get; } = new(SeedOf(seed));

    public BusClient Client => Player.Client;

    public ClientWebSocket Web => _web!;

    public static async Task<WebPlayer> JoinAsync(WebEdge edge, string name, int seed = 1)
    {
        var player = new WebPlayer(edge, seed);
        await player.ConnectAsync(edge.Token(name));
        return player;
    }

    public async Task ConnectAsync(string token, bool asBrowser = false)
    {
        _web = new();
        _web.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        if (asBrowser)
        {
            _web.Options.AddSubProtocol("wecan");
            _web.Options.AddSubProtocol($"token.{token}");
        }
        else
        {
            _web.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        }

        await _web.ConnectAsync(new($"wss://127.0.0.1:{edge.Port}/bus"), TestContext.Current.CancellationToken).WaitAsync(WebEdge.Bound, TestContext.Current.CancellationToken);
        Client.Connect();
    }

    /// <summary>The connection is gone in the middle of whatever is said.</summary>
    public void Cut()
    {
        _web?.Abort();
        _web?.Dispose();
        (_web, _receiving) = (null, null);
        Client.Disconnect();
    }

    /// <summary>Talks until something holds.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < WebEdge.Bound, what);
            while (Client.TryTake(_buffer.Length, out var piece))
                await Web.SendAsync(piece.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);
            _receiving ??= Web.ReceiveAsync(_buffer.AsMemory(), TestContext.Current.CancellationToken).AsTask();
            if (await Task.WhenAny(_receiving, NextTimeAsync()) != _receiving)
            {
                Client.HandleTimeout(Now);
                continue;
            }

            var received = await _receiving;
            _receiving = null;
            if (received.MessageType == WebSocketMessageType.Close)
                return;
            Assert.True(Client.TryHandle(Now, _buffer.AsSpan(0, received.Count)));
        }
    }

    public void Dispose() => _web?.Dispose();

    private static MonoTime Now => new(Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency));

    private static byte[] SeedOf(int seed)
    {
        var bytes = new byte[DeterministicRandom.SeedBytes];
        bytes.AsSpan().Fill((byte)seed);
        return bytes;
    }

    private static async Task NextTimeAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
