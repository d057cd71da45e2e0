using System.Text;

namespace WeCan.Hosting.Http;

/// <summary>One request, whole, as it is answered.</summary>
public sealed class HttpQuestion
{
    private readonly string _query;

    internal HttpQuestion(in HttpHead head, byte[] body)
    {
        Method = Encoding.ASCII.GetString(head.Method);
        Path = Uri.UnescapeDataString(Encoding.ASCII.GetString(head.Path));
        _query = Encoding.ASCII.GetString(head.Query);
        Accept = Encoding.UTF8.GetString(head.Accept);
        Body = body;
        IsHead = Method == "HEAD";
        if (IsHead)
            Method = "GET";
    }

    /// <summary>As it was sent; "GET" also for HEAD, as the answer is the same and the server keeps its body back.</summary>
    public string Method { get; }

    /// <summary>Without percent signs.</summary>
    public string Path { get; }

    /// <summary>What the asker takes, as it was sent; empty for anything.</summary>
    public string Accept { get; }

    public ReadOnlyMemory<byte> Body { get; }

    internal bool IsHead { get; }

    /// <summary>What follows a name in the query, for the first such name; empty for none.</summary>
    public string Query(string name)
    {
        foreach (var part in _query.AsSpan().Split('&'))
        {
            var pair = _query.AsSpan(part);
            var equals = pair.IndexOf('=');
            if (Plain(equals < 0 ? pair : pair[..equals]) == name)
                return equals < 0 ? "" : Plain(pair[(equals + 1)..]);
        }

        return "";
    }

    private static string Plain(ReadOnlySpan<char> text) => Uri.UnescapeDataString(text.ToString().Replace('+', ' '));
}
