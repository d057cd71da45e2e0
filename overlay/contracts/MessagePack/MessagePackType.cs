namespace WeCan.Contracts.MessagePack;

/// <summary>What a value's first byte says it is. All widths of a kind are one type; a timestamp is an extension.</summary>
public enum MessagePackType
{
    /// <summary>Nothing: the input is used up.</summary>
    End = 0,

    /// <summary>The one first byte (0xC1) that the format never uses.</summary>
    Invalid,

    Nil,

    Boolean,

    Integer,

    Float,

    String,

    Binary,

    Array,

    Map,

    Extension,
}
