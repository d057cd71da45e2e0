using System.Globalization;
using System.Text;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Tests.MessagePack;

/// <summary>
/// A MessagePack value as a tree, for tests: what a vector expects, what a property generates, and what the reader's
/// typed methods made of some bytes. Two values are the same where their texts are: a float's text is its bits.
/// </summary>
internal abstract record Value
{
    public abstract void Write(ref MessagePackWriter writer);

    public abstract void Describe(StringBuilder text);

    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Describe(text);
        return text.ToString();
    }

    /// <summary>Reads one value with the typed methods only. Null where the reader refuses any part of it.</summary>
    public static Value? Read(ref MessagePackReader reader, int depth = 0)
    {
        switch (reader.NextType)
        {
            case MessagePackType.Nil:
                return reader.TryReadNil() ? new NilValue() : null;
            case MessagePackType.Boolean:
                return reader.TryReadBoolean(out var flag) ? new BooleanValue(flag) : null;
            case MessagePackType.Integer:
                return reader.TryReadUInt64(out var unsigned) ? new IntegerValue(unsigned)
                    : reader.TryReadInt64(out var signed) ? new IntegerValue(signed) : null;
            case MessagePackType.Float:
                return reader.TryReadSingle(out var single) ? new SingleValue(single)
                    : reader.TryReadDouble(out var wide) ? new DoubleValue(wide) : null;
            case MessagePackType.String:
                return reader.TryReadString(out var text) ? new StringValue(text) : null;
            case MessagePackType.Binary:
                return reader.TryReadBinary(out var bytes) ? new BinaryValue(bytes.ToArray()) : null;
            case MessagePackType.Extension:
                return ReadExtension(ref reader);
            case MessagePackType.Array:
                return ReadArray(ref reader, depth);
            case MessagePackType.Map:
                return ReadMap(ref reader, depth);
            default:
                return null;
        }
    }

    private static Value? ReadExtension(ref MessagePackReader reader)
    {
        if (reader.TryReadTimestamp(out var time))
            return new TimestampValue(time);
        // The specification keeps -1 for timestamps: what has that type and is none is malformed.
        return reader.TryReadExtension(out var type, out var data) && type != -1 ? new ExtensionValue(type, data.ToArray()) : null;
    }

    private static ArrayValue? ReadArray(ref MessagePackReader reader, int depth)
    {
        if (depth == MessagePackLimits.MaxDepth || !reader.TryReadArrayHeader(out var count))
            return null;
        var items = new Value[count];
        for (var i = 0; i < count; i++)
        {
            if (Read(ref reader, depth + 1) is not { } item)
                return null;
            items[i] = item;
        }

        return new(items);
    }

    private static MapValue? ReadMap(ref MessagePackReader reader, int depth)
    {
        if (depth == MessagePackLimits.MaxDepth || !reader.TryReadMapHeader(out var count))
            return null;
        var pairs = new (Value Key, Value Item)[count];
        for (var i = 0; i < count; i++)
        {
            if (Read(ref reader, depth + 1) is not { } key || Read(ref reader, depth + 1) is not { } item)
                return null;
            pairs[i] = (key, item);
        }

        return new(pairs);
    }
}

internal sealed record NilValue : Value
{
    public override void Write(ref MessagePackWriter writer) => writer.WriteNil();

    public override void Describe(StringBuilder text) => text.Append("nil");
}

internal sealed record BooleanValue(bool Flag) : Value
{
    public override void Write(ref MessagePackWriter writer) => writer.WriteBoolean(Flag);

    public override void Describe(StringBuilder text) => text.Append(Flag ? "true" : "false");
}

internal sealed record IntegerValue(Int128 Number) : Value
{
    public override void Write(ref MessagePackWriter writer)
    {
        if (Number > long.MaxValue)
            writer.WriteInteger((ulong)Number);
        else
            writer.WriteInteger((long)Number);
    }

    public override void Describe(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"{Number}");
}

internal sealed record SingleValue(float Number) : Value
{
    public override void Write(ref MessagePackWriter writer) => writer.WriteSingle(Number);

    public override void Describe(StringBuilder text) =>
        text.Append(CultureInfo.InvariantCulture, $"f32:{BitConverter.SingleToUInt32Bits(Number):x8}");
}

internal sealed record DoubleValue(double Number) : Value
{
    public override void Write(ref MessagePackWriter writer) => writer.WriteDouble(Number);

    public override void Describe(StringBuilder text) =>
        text.Append(CultureInfo.InvariantCulture, $"f64:{BitConverter.DoubleToUInt64Bits(Number):x16}");
}

internal sealed record StringValue(string Text) : Value
{
    public override void Write(ref MessagePackWriter writer) => writer.WriteString(Text);

    public override void Describe(StringBuilder text) => text.Append('"').Append(Text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
}

internal sealed record BinaryValue(byte[] Bytes) : Value
{
    public override void Write(ref MessagePackWriter writer) => writer.WriteBinary(Bytes);

    public override void Describe(StringBuilder text) => text.Append("bin:").Append(Convert.ToHexString(Bytes));
}

internal sealed record ExtensionValue(sbyte Type, byte[] Data) : Value
{
    public override void Write(ref MessagePackWriter writer) => writer.WriteExtension(Type, Data);

    public override void Describe(StringBuilder text) =>
        text.Append(CultureInfo.InvariantCulture, $"ext{Type}:").Append(Convert.ToHexString(Data));
}

internal sealed record TimestampValue(MessagePackTimestamp Time) : Value
{
    public override void Write(ref MessagePackWriter writer) => writer.WriteTimestamp(Time);

    public override void Describe(StringBuilder text) =>
        text.Append(CultureInfo.InvariantCulture, $"time:{Time.Seconds}+{Time.Nanoseconds}");
}

internal sealed record ArrayValue(Value[] Items) : Value
{
    public override void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Items.Length);
        foreach (var item in Items)
            item.Write(ref writer);
    }

    public override void Describe(StringBuilder text)
    {
        text.Append('[');
        foreach (var item in Items)
        {
            item.Describe(text);
            text.Append(' ');
        }

        text.Append(']');
    }
}

internal sealed record MapValue((Value Key, Value Item)[] Pairs) : Value
{
    public override void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(Pairs.Length);
        foreach (var (key, item) in Pairs)
        {
            key.Write(ref writer);
            item.Write(ref writer);
        }
    }

    public override void Describe(StringBuilder text)
    {
        text.Append('{');
        foreach (var (key, item) in Pairs)
        {
            key.Describe(text);
            text.Append('=');
            item.Describe(text);
            text.Append(' ');
        }

        text.Append('}');
    }
}
