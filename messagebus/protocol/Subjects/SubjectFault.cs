namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>Why some bytes are no subject, or no pattern. The numbers go over the wire and stay.</summary>
internal enum SubjectFault : byte
{
    None = 0,

    /// <summary>No bytes at all.</summary>
    Empty = 1,

    /// <summary>More than <see cref="SubjectLimits.MaxBytes"/>.</summary>
    TooLong = 2,

    /// <summary>More than <see cref="SubjectLimits.MaxTokens"/>.</summary>
    TooManyTokens = 3,

    /// <summary>Two dots without something between them, or a dot at an end.</summary>
    EmptyToken = 4,

    /// <summary>White space, a control character, or bytes that are no UTF-8.</summary>
    BadCharacter = 5,

    /// <summary>A star or an arrow in a subject, or in a pattern beside other characters of its token.</summary>
    Wildcard = 6,

    /// <summary>An arrow that other tokens follow.</summary>
    ArrowNotLast = 7,

    /// <summary>The first token is no name of a space: 1 to 63 of a-z, 0-9, - and _.</summary>
    BadSpace = 8,

    /// <summary>Only a space's name, and nothing in it.</summary>
    OnlySpace = 9,
}
