using System.Diagnostics.CodeAnalysis;
using System.Text;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Access;

/// <summary>
/// Tokens that were taken back before their end: one, by its own name, or those of a client that were issued until some time. It counts
/// until each token that it can concern has ended, and is forgotten then.
/// </summary>
/// <param name="Space">The space that the tokens are for.</param>
/// <param name="IsClient">Whether it is a client's tokens, or one token.</param>
/// <param name="Name">The client (<c>sub</c>), or the token (<c>jti</c>).</param>
/// <param name="IssuedUntil">Tokens that were issued later are none of it.</param>
/// <param name="Until">When it has done its work.</param>
public sealed record Revocation(string Space, bool IsClient, string Name, UnixTime IssuedUntil, UnixTime Until)
{
    private const string Client = "sub";
    private const string Token = "jti";

    /// <summary>What it is called in the set of all: <c>shop/sub/ann</c>. The name of a space has no slash.</summary>
    public string Id => IdOf(Space, IsClient, Name);

    public static string IdOf(string space, bool isClient, string name) => $"{space}/{(isClient ? Client : Token)}/{name}";

    /// <summary>Takes back what a client has by now, or gets until a time if one is said; or one token, until its end if that is known.</summary>
    public static Revocation Of(UnixTime now, string space, bool isClient, string name, UnixTime? until)
    {
        if (!isClient)
            return new(space, IsClient: false, name, UnixTime.MaxValue, until ?? now + AccessLimits.MaxTokenLife + AccessLimits.ClockTolerance);

        // Whose clock was ahead when the token was signed does not escape.
        var issued = (until ?? now) + AccessLimits.ClockTolerance;
        return new(space, IsClient: true, name, issued, issued + AccessLimits.MaxTokenLife);
    }

    /// <summary>Whether this text names a client or a token.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= AccessLimits.MaxNameBytes && !name.Any(char.IsControl);
    }

    /// <summary>The record that carries it: {1 issued until, 2 until}. Its name says the rest.</summary>
    public AccessRecord ToRecord()
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(16);
        var writer = new MessagePackWriter(bytes);
        writer.WriteMapHeader(2);
        writer.WriteField(1, IssuedUntil.Seconds);
        writer.WriteField(2, Until.Seconds);
        return new(AccessKind.Revocation, Id, bytes.WrittenSpan.ToArray());
    }

    public static bool TryRead(AccessRecord record, [NotNullWhen(true)] out Revocation? revocation)
    {
        ArgumentNullException.ThrowIfNull(record);
        revocation = null;
        var parts = record.Name.Split('/', 3);
        if (record.Kind != AccessKind.Revocation || parts.Length != 3 || !SpaceNames.IsOne(parts[0]) || parts[1] is not (Client or Token) || !IsName(parts[2]))
            return false;
        UnixTime issued = default, until = default;
        var reader = new MessagePackReader(record.Body);
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => ControlFormat.TryReadTime(ref reader, out issued),
                2 => ControlFormat.TryReadTime(ref reader, out until),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended((1 << 1) | (1 << 2)) || !reader.IsAtEnd)
            return false;
        revocation = new(parts[0], parts[1] == Client, parts[2], issued, until);
        return true;
    }
}
