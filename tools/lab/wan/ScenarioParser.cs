using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>
/// Reads one scenario text, line by line, and stops at the first thing wrong. Lines act in their order, as in wanlab.c:
/// a default resets all pairs of the hosts above it, a link or path changes only the keys that it names. Timed lines are
/// read last, so that they may name any host.
/// </summary>
internal sealed class ScenarioParser(string name)
{
    private readonly List<ScenarioHost> _hosts = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, string> _byAddress = [];
    private readonly Dictionary<(int From, int To), LinkSettings> _paths = [];
    private readonly List<(MonoTime At, string[] Tokens, int Line)> _timed = [];
    private LinkSettings _default = LinkSettings.Perfect;
    private int _defaultHosts;
    private ulong _seed;
    private int _mtu = WanLimits.DefaultMtu;

    public Scenario? Read(string text, out ScenarioError? error)
    {
        error = null;
        if (text.Length > WanLimits.MaxScenarioCharacters)
        {
            error = new(name, 1, $"the text has {text.Length:#,0} characters, over {WanLimits.MaxScenarioCharacters:#,0}: write less");
            return null;
        }

        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (ReadLine(lines[i], i + 1) is not { } wrong)
                continue;
            error = new(name, i + 1, wrong);
            return null;
        }

        if (_hosts.Count < 2)
        {
            error = new(name, lines.Length, "there are fewer than two hosts: name them with 'host NAME IPV4' lines");
            return null;
        }

        return ReadTimed(out error) is not { } changes ? null : new(name, _seed, _mtu, [.. _hosts], Pairs(), changes);
    }

    private static string? Expect(string[] tokens, int count, string form) =>
        tokens.Length == count ? null : $"'{string.Join(' ', tokens)}': write '{form}'";

    private int Find(string host) => _byName.GetValueOrDefault(host, -1);

    private string? ReadLine(string text, int line)
    {
        if (text.Length > WanLimits.MaxLineCharacters)
            return $"the line has over {WanLimits.MaxLineCharacters} characters: split it in two, for later keys add to earlier ones";
        var tokens = StatementReader.Split(text);
        return tokens.Length == 0 ? null : tokens[0] switch
        {
            "seed" => ReadSeed(tokens),
            "mtu" => ReadMtu(tokens),
            "host" => ReadHost(tokens),
            "at" => ReadAt(tokens, line),
            "default" or "link" or "path" => ReadNow(tokens),
            _ => $"'{tokens[0]}' begins no statement: the statements are seed, mtu, host, default, link, path and at",
        };
    }

    private string? ReadSeed(string[] tokens)
    {
        if (Expect(tokens, 2, "seed NUMBER") is { } wrong)
            return wrong;
        if (long.TryParse(tokens[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var signed))
            _seed = (ulong)signed;
        else if (!ulong.TryParse(tokens[1], NumberStyles.None, CultureInfo.InvariantCulture, out _seed))
            return $"'{tokens[1]}' is no whole number of 64 bits: write 'seed NUMBER'";
        return null;
    }

    private string? ReadMtu(string[] tokens)
    {
        if (Expect(tokens, 2, "mtu BYTES") is { } wrong)
            return wrong;
        if (!int.TryParse(tokens[1], NumberStyles.None, CultureInfo.InvariantCulture, out var mtu) || mtu is < WanLimits.MinMtu or > WanLimits.MaxMtu)
            return $"'mtu {tokens[1]}': write whole bytes from {WanLimits.MinMtu} to {WanLimits.MaxMtu}";
        _mtu = mtu;
        return null;
    }

    private string? ReadHost(string[] tokens)
    {
        if (tokens.Length == 4 && tokens[2] == "drift")
            return ReadDrift(tokens);
        if (Expect(tokens, 3, "host NAME IPV4") is { } wrong)
            return wrong;
        return tokens[2] is "up" or "down" or "crash" or "restart" ? ReadNow(tokens) : ReadNewHost(tokens[1], tokens[2]);
    }

    private string? ReadDrift(string[] tokens)
    {
        var host = Find(tokens[1]);
        if (host < 0)
            return StatementReader.UnknownHost(tokens[1]);
        if (!LinkKeys.TryReadNumber(tokens[3], out var ppm) || Math.Abs(ppm) > WanLimits.MaxDriftPpm)
            return $"'drift {tokens[3]}': write millionths from {-WanLimits.MaxDriftPpm:0} to {WanLimits.MaxDriftPpm:0}";
        _hosts[host] = _hosts[host] with { DriftPpm = ppm };
        return null;
    }

    private string? ReadNewHost(string host, string address)
    {
        if (host.Length > WanLimits.MaxHostNameCharacters || !host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return $"'{host}' cannot name a host: write up to {WanLimits.MaxHostNameCharacters} letters, digits, '-', '_' or '.'";
        if (_byName.ContainsKey(host))
            return $"host '{host}' is named twice: give each host a line of its own name";
        if (!TryReadIPv4(address, out var ipv4))
            return $"'{address}' is no IPv4 address: write four numbers like 10.77.0.1";
        if (!_byAddress.TryAdd(ipv4, host))
            return $"host '{host}' has the address of '{_byAddress[ipv4]}': give it one of its own";
        if (_hosts.Count == WanLimits.MaxHosts)
            return $"there are more than {WanLimits.MaxHosts} hosts: write fewer";
        _byName.Add(host, _hosts.Count);
        _hosts.Add(new(host, ipv4, null, Up: true));
        return null;
    }

    private static bool TryReadIPv4(string text, out uint ipv4)
    {
        ipv4 = 0;
        if (text.Count(c => c == '.') != 3 || !IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetwork)
            return false;
        ipv4 = (uint)NetAddress.FromEndPoint(new(address, 0)).Low;
        return true;
    }

    private string? ReadAt(string[] tokens, int line)
    {
        if (tokens.Length < 3)
            return "an 'at' needs a time and a statement: write 'at SECONDS link A B KEY VALUE …'";
        if (!LinkKeys.TryReadNumber(tokens[1], out var seconds) || seconds < 0 || seconds > WanLimits.MaxAtSeconds)
            return $"'at {tokens[1]}': write seconds from 0 to {WanLimits.MaxAtSeconds:#,0}";
        if (_timed.Count == WanLimits.MaxTimedChanges)
            return $"there are more than {WanLimits.MaxTimedChanges:#,0} timed lines: write fewer";
        _timed.Add((MonoTime.FromSeconds(seconds), tokens[2..], line));
        return null;
    }

    private string? ReadNow(string[] tokens)
    {
        if (!StatementReader.TryReadChange(tokens, Find, out var change, out var error))
            return error;
        switch (change.Kind)
        {
            case ScenarioChangeKind.Default when _hosts.Count == 0:
                return "a default reaches the hosts above it, and there are none: move it below the host lines";
            case ScenarioChangeKind.Default:
                _default = change.Patch!.ApplyTo(LinkSettings.Perfect);
                _defaultHosts = _hosts.Count;
                _paths.Clear();
                return null;
            case ScenarioChangeKind.Link:
                PatchPath(change.First, change.Second, change.Patch!);
                PatchPath(change.Second, change.First, change.Patch!);
                return null;
            case ScenarioChangeKind.Path:
                PatchPath(change.First, change.Second, change.Patch!);
                return null;
            case ScenarioChangeKind.HostUp or ScenarioChangeKind.HostDown:
                _hosts[change.First] = _hosts[change.First] with { Up = change.Kind == ScenarioChangeKind.HostUp };
                return null;
            default:
                return $"a host starts by itself: write 'at SECONDS {string.Join(' ', tokens)}'";
        }
    }

    private void PatchPath(int from, int to, LinkPatch patch) => _paths[(from, to)] = patch.ApplyTo(SettingsOf(from, to));

    /// <summary>A host below the last default has nothing of it.</summary>
    private LinkSettings SettingsOf(int from, int to) =>
        _paths.TryGetValue((from, to), out var settings) ? settings
        : from < _defaultHosts && to < _defaultHosts ? _default
        : LinkSettings.Perfect;

    private ImmutableArray<LinkSettings> Pairs()
    {
        var pairs = ImmutableArray.CreateBuilder<LinkSettings>(_hosts.Count * _hosts.Count);
        for (var from = 0; from < _hosts.Count; from++)
        {
            for (var to = 0; to < _hosts.Count; to++)
                pairs.Add(SettingsOf(from, to));
        }

        return pairs.MoveToImmutable();
    }

    private ImmutableArray<TimedChange>? ReadTimed(out ScenarioError? error)
    {
        var changes = new List<TimedChange>(_timed.Count);
        foreach (var (at, tokens, line) in _timed)
        {
            if (!StatementReader.TryReadChange(tokens, Find, out var change, out var wrong))
            {
                error = new(name, line, wrong);
                return null;
            }

            changes.Add(new(at, change, line));
        }

        error = null;
        return [.. changes.OrderBy(change => change.At)];
    }
}
