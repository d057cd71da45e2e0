using System.Buffers;
using System.Text;

namespace WeCan.Hosting.Http;

/// <summary>
/// What stands before the body of a request (RFC 9112, sections 2 to 6), as spans of the bytes it was read from:
/// <code>
/// METHOD SP TARGET SP HTTP/1.x CRLF
/// NAME ":" VALUE CRLF      (any number of these)
/// CRLF
/// </code>
/// It is strict where leniency lets two readers see different requests: lines end with CRLF, names touch their colon, no line goes on in
/// the next, a length stands once and as digits, and a body in chunks is not taken. Reading allocates nothing and never throws.
/// </summary>
internal ref struct HttpHead
{
    private static readonly SearchValues<byte> Tokens = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    private int _fields;
    private int _hosts;
    private bool _hasLength;
    private bool _isChunked;
    private bool _closes;
    private bool _keeps;

    public ReadOnlySpan<byte> Method { get; private set; }

    /// <summary>As it was sent, with its percent signs.</summary>
    public ReadOnlySpan<byte> Path { get; private set; }

    /// <summary>What follows the question mark; empty for none.</summary>
    public ReadOnlySpan<byte> Query { get; private set; }

    /// <summary>The first line of what is accepted; empty for none.</summary>
    public ReadOnlySpan<byte> Accept { get; private set; }

    /// <summary>Bytes of the body that follows.</summary>
    public int BodyBytes { get; private set; }

    /// <summary>HTTP/1.0, whose peers know of no connection that stays and of no word before the answer.</summary>
    public bool IsOld { get; private set; }

    /// <summary>The sender waits for a word before it sends the body.</summary>
    public bool AwaitsWord { get; private set; }

    /// <summary>The connection may carry another request after this one.</summary>
    public readonly bool KeepsOpen => !_closes && (!IsOld || _keeps);

    /// <summary>Whether a whole head is there, and its length with the empty line at its end. An empty line before it is part of it, as some clients send one.</summary>
    public static bool TryFind(ReadOnlySpan<byte> bytes, out int length)
    {
        var skipped = bytes.StartsWith(LineEnd) ? LineEnd.Length : 0;
        var end = bytes[skipped..].IndexOf("\r\n\r\n"u8);
        length = end < 0 ? 0 : skipped + end + 4;
        return end >= 0;
    }

    /// <summary>Reads a head that <see cref="TryFind"/> has found.</summary>
    /// <param name="bytes">The head, and no more.</param>
    /// <param name="head">What it says.</param>
    /// <param name="refusal">The status to refuse it with; 0 where it is taken.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out HttpHead head, out int refusal)
    {
        head = default;
        var rest = bytes.StartsWith(LineEnd) ? bytes[LineEnd.Length..] : bytes;
        refusal = TryTakeLine(ref rest, out var line) ? head.TakeRequest(line) : HttpStatus.BadRequest;
        while (refusal == 0)
        {
            if (!TryTakeLine(ref rest, out line))
                refusal = HttpStatus.BadRequest;
            else if (line.IsEmpty)
                break;
            else
                refusal = head.TakeField(line);
        }

        if (refusal == 0)
            refusal = rest.IsEmpty ? head.Judge() : HttpStatus.BadRequest;
        return refusal == 0;
    }

    private static bool TryTakeLine(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOf(LineEnd);
        line = end < 0 ? default : rest[..end];
        rest = end < 0 ? rest : rest[(end + LineEnd.Length)..];
        return end >= 0;
    }

    private int TakeRequest(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first + 1 || !IsToken(line[..first]))
            return HttpStatus.BadRequest;
        Method = line[..first];
        var version = line[(last + 1)..];
        if (version is not [(byte)'H', (byte)'T', (byte)'T', (byte)'P', (byte)'/', >= (byte)'0' and <= (byte)'9', (byte)'.', >= (byte)'0' and <= (byte)'9'])
            return HttpStatus.BadRequest;
        if (version[5] != '1')
            return HttpStatus.VersionNotSupported;
        IsOld = version[7] == '0';
        return TakeTarget(line[(first + 1)..last]);
    }

    /// <summary>A path, or as proxies are asked, with scheme and host before it.</summary>
    private int TakeTarget(ReadOnlySpan<byte> target)
    {
        const string Scheme = "http://";
        if (target.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
            return HttpStatus.BadRequest;
        if (target.Length > Scheme.Length && Ascii.EqualsIgnoreCase(target[..Scheme.Length], Scheme))
        {
            var slash = target[Scheme.Length..].IndexOf((byte)'/');
            target = slash < 0 ? "/"u8 : target[(Scheme.Length + slash)..];
        }

        if (target[0] != '/')
            return HttpStatus.BadRequest;
        var query = target.IndexOf((byte)'?');
        Path = query < 0 ? target : target[..query];
        Query = query < 0 ? default : target[(query + 1)..];
        return 0;
    }

    private int TakeField(ReadOnlySpan<byte> line)
    {
        if (++_fields > HostingLimits.HttpFields)
            return HttpStatus.HeaderFieldsTooLarge;
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || !IsToken(line[..colon]))
            return HttpStatus.BadRequest;
        var value = line[(colon + 1)..].Trim(" \t"u8);
        foreach (var letter in value)
        {
            if (letter is 0x7F or (< 0x20 and not (byte)'\t'))
                return HttpStatus.BadRequest;
        }

        var name = line[..colon];
        if (Ascii.EqualsIgnoreCase(name, "content-length"))
            return TakeLength(value);
        if (Ascii.EqualsIgnoreCase(name, "expect"))
        {
            AwaitsWord = Ascii.EqualsIgnoreCase(value, "100-continue");
            return AwaitsWord ? 0 : HttpStatus.ExpectationFailed;
        }

        if (Ascii.EqualsIgnoreCase(name, "host"))
            _hosts++;
        else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"))
            _isChunked = true;
        else if (Ascii.EqualsIgnoreCase(name, "connection"))
            TakeConnection(value);
        else if (Ascii.EqualsIgnoreCase(name, "accept") && Accept.IsEmpty)
            Accept = value;
        return 0;
    }

    private int TakeLength(ReadOnlySpan<byte> value)
    {
        const int MostDigits = 9;
        if (_hasLength || value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return HttpStatus.BadRequest;
        if (value.Length > MostDigits)
            return HttpStatus.ContentTooLarge;
        _hasLength = true;
        foreach (var digit in value)
            BodyBytes = (BodyBytes * 10) + (digit - '0');
        return 0;
    }

    private void TakeConnection(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            var comma = value.IndexOf((byte)',');
            var option = (comma < 0 ? value : value[..comma]).Trim(" \t"u8);
            _closes |= Ascii.EqualsIgnoreCase(option, "close");
            _keeps |= Ascii.EqualsIgnoreCase(option, "keep-alive");
            value = comma < 0 ? default : value[(comma + 1)..];
        }
    }

    /// <summary>What only the whole head shows.</summary>
    private readonly int Judge() =>
        _hosts > 1 || (_hosts == 0 && !IsOld) || (_isChunked && (_hasLength || IsOld)) ? HttpStatus.BadRequest
        : _isChunked ? HttpStatus.LengthRequired
        : 0;

    private static bool IsToken(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept(Tokens);
}
