using System.Globalization;
using System.Text;

namespace WeCan.Hosting.Http;

/// <summary>What one request is answered: a status and a body, whole. The server disposes it when it has been sent.</summary>
/// <param name="Status">One of <see cref="HttpStatus"/>.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Body">Stays as it is until this is disposed.</param>
internal sealed record HttpAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body) : IDisposable
{
    /// <summary>The methods that there are, where another one was asked for.</summary>
    public string Allow { get; init; } = "";

    /// <summary>Whom the body is borrowed from.</summary>
    public IDisposable? Lender { get; init; }

    /// <summary>The bytes before the body.</summary>
    public byte[] HeadBytes(DateTimeOffset now, bool keepsOpen) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"HTTP/1.1 {Status} {HttpStatus.WordsOf(Status)}\r\nDate: {now:R}\r\nContent-Type: {ContentType}\r\nContent-Length: {Body.Length}\r\n{(Allow.Length > 0 ? $"Allow: {Allow}\r\n" : "")}{(keepsOpen ? "" : "Connection: close\r\n")}\r\n"));

    public void Dispose() => Lender?.Dispose();
}
