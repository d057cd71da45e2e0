namespace WeCan.Hosting.Configuration;

/// <summary>Tells the line of a byte; it is asked in rising order, and so walks the text once.</summary>
internal ref struct LineCounter(string path, ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _line = 1;
    private int _at;

    public ConfigOrigin At(long position)
    {
        _line += _text[_at..(int)position].Count((byte)'\n');
        _at = (int)position;
        return new(ConfigLayer.File, $"{path}:{_line}");
    }
}
