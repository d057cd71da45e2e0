using System.Text;

namespace WeCan.Hosting.Http;

/// <summary>
/// Finds single fields in a head that <see cref="HttpHead.TryRead"/> has taken, for the few servers that look at more of them than the head
/// itself does. Nothing is kept and nothing allocated.
/// </summary>
internal static class HttpFields
{
    /// <summary>The value of the first field with this name, in any case; false where there is none.</summary>
    public static bool TryFind(ReadOnlySpan<byte> head, ReadOnlySpan<char> name, out ReadOnlySpan<byte> value)
    {
        foreach (var field in new Walk(head))
        {
            if (Ascii.EqualsIgnoreCase(field.Name, name))
            {
                value = field.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>All of them, in their order.</summary>
    public static Walk Of(ReadOnlySpan<byte> head) => new(head);

    /// <summary>Whether a list with commas has this word, in any case.</summary>
    public static bool Lists(ReadOnlySpan<byte> list, ReadOnlySpan<char> word)
    {
        foreach (var part in list.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(list[part].Trim(" \t"u8), word))
                return true;
        }

        return false;
    }

    /// <summary>One field after the other.</summary>
    public ref struct Walk
    {
        private ReadOnlySpan<byte> _rest;

        public Walk(ReadOnlySpan<byte> head)
        {
            _rest = head.StartsWith("\r\n"u8) ? head[2..] : head;
            Skip();
            Name = Value = default;
        }

        public ReadOnlySpan<byte> Name { get; private set; }

        public ReadOnlySpan<byte> Value { get; private set; }

        public readonly Walk Current => this;

        public readonly Walk GetEnumerator() => this;

        public bool MoveNext()
        {
            var colon = _rest.IndexOf((byte)':');
            var end = _rest.IndexOf("\r\n"u8);
            if (end <= 0 || colon < 0 || colon > end)
                return false;
            Name = _rest[..colon];
            Value = _rest[(colon + 1)..end].Trim(" \t"u8);
            Skip();
            return true;
        }

        private void Skip()
        {
            var end = _rest.IndexOf("\r\n"u8);
            _rest = end < 0 ? default : _rest[(end + 2)..];
        }
    }
}
