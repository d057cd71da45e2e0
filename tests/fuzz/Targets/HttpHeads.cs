using System.Text;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Hosting;
using WeCan.Hosting.Http;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>The heads of requests to a daemon, which anybody may write who reaches its socket or its port for metrics.</summary>
internal static class HttpHeads
{
    public static ParserTarget Target { get; } = new("http-head", Parse, Corpus);

    private static IEnumerable<(string Name, byte[] Bytes)> Corpus()
    {
        yield return ("scrape", Of("GET /metrics HTTP/1.1", "Host: localhost:9460", "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2", "Accept-Encoding: gzip"));
        yield return ("command", Of("POST /v1/tunnels?a=b%20c HTTP/1.1", "Host: wecan-edge", "Content-Type: application/json", "Content-Length: 120", "Expect: 100-continue"));
        yield return ("old", Of("GET http://host/healthz HTTP/1.0", "Connection: keep-alive, close"));
        yield return ("chunks", Of("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"));
        yield return ("two-lengths", Of("POST / HTTP/1.1", "Host: a", "Content-Length: 1", "Content-Length: 2"));
    }

    private static byte[] Of(params string[] lines) => Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n");

    private static bool Parse(byte[] input)
    {
        if (!HttpHead.TryFind(input, out var length))
            return false;
        FuzzTarget.Require(length is >= 4 && length <= input.Length, "The head does not end in its bytes.");
        if (length > 4)
            FuzzTarget.Require(!HttpHead.TryFind(input.AsSpan(0, length - 1), out _), "The head is found before its end.");
        var isRead = HttpHead.TryRead(input.AsSpan(0, length), out var head, out var refusal);
        FuzzTarget.Require(isRead == (refusal == 0), "What is refused is read, or nobody says why it is not.");
        if (!isRead)
            return false;
        FuzzTarget.Require(head.BodyBytes is >= 0 and < 1_000_000_000, "The body is out of bounds.");
        FuzzTarget.Require(!head.Method.IsEmpty && head.Path is [(byte)'/', ..], "The request asks for nothing.");
        FuzzTarget.Require(!head.Path.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E) && !head.Query.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E), "The target has letters that are none.");
        FuzzTarget.Require(!head.Accept.ContainsAnyInRange((byte)0, (byte)8) && !head.Accept.Contains((byte)'\n'), "A field goes on in the next line.");
        FuzzTarget.Require(ComesBack(head), "The head is not what it was read from.");
        return true;
    }

    /// <summary>Written anew in the shortest form, it says the same.</summary>
    private static bool ComesBack(in HttpHead head)
    {
        Span<byte> again = stackalloc byte[Mutator.MaxLength + 128];
        var length = 0;
        Put(again, ref length, head.Method);
        Put(again, ref length, " "u8);
        Put(again, ref length, head.Path);
        Put(again, ref length, head.Query.IsEmpty ? ""u8 : "?"u8);
        Put(again, ref length, head.Query);
        Put(again, ref length, head.IsOld ? " HTTP/1.0\r\nHost: a\r\nContent-Length: "u8 : " HTTP/1.1\r\nHost: a\r\nContent-Length: "u8);
        head.BodyBytes.TryFormat(again[length..], out var digits);
        length += digits;
        Put(again, ref length, head.KeepsOpen ? "\r\nConnection: keep-alive\r\nAccept:"u8 : "\r\nConnection: close\r\nAccept:"u8);
        Put(again, ref length, head.Accept);
        Put(again, ref length, "\r\n\r\n"u8);
        return HttpHead.TryRead(again[..length], out var same, out _)
            && same.Method.SequenceEqual(head.Method) && same.Path.SequenceEqual(head.Path) && same.Query.SequenceEqual(head.Query) && same.Accept.SequenceEqual(head.Accept)
            && (same.BodyBytes, same.IsOld, same.KeepsOpen) == (head.BodyBytes, head.IsOld, head.KeepsOpen);
    }

    private static void Put(Span<byte> to, ref int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to[length..]);
        length += bytes.Length;
    }
}
