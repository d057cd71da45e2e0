using System.Collections.Concurrent;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Http;

namespace WeCan.Hosting.Local;

/// <summary>
/// What answers which question: parts add theirs, also while they are served. A path may end with a name in braces, which stands for any
/// one last part of it.
/// </summary>
/// <typeparam name="TEndpoint">What answers.</typeparam>
public sealed class EndpointTable<TEndpoint>
    where TEndpoint : class
{
    private readonly ConcurrentDictionary<(string Method, string Path), TEndpoint> _endpoints = new();

    public void Add(string method, string path, TEndpoint endpoint) => _endpoints[(method, path)] = endpoint;

    /// <summary>A path that is named whole goes before those with a name in braces.</summary>
    public TEndpoint? Find(string method, string path) =>
        _endpoints.TryGetValue((method, path), out var exact) ? exact : _endpoints.FirstOrDefault(known => known.Key.Method == method && EndpointPath.Matches(known.Key.Path, path)).Value;

    /// <summary>The methods that a path takes, in order.</summary>
    public IReadOnlyList<string> MethodsOf(string path) =>
        [.. _endpoints.Keys.Where(known => EndpointPath.Matches(known.Path, path)).Select(known => known.Method).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Says of a question that is none what there is in its place.</summary>
    public LocalAnswer NoSuch(string method, string path)
    {
        var others = MethodsOf(path);
        return others.Count > 0
            ? LocalAnswer.Refused(HttpStatus.MethodNotAllowed, ExitCodes.Usage, $"{path} takes no {method}: use {string.Join(" or ", others)}.")
            : LocalAnswer.Refused(HttpStatus.NotFound, ExitCodes.Usage, $"There is no {path}; there are {string.Join(", ", _endpoints.Keys.Select(known => known.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}.");
    }
}
