namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>What is wrong with a name, in words for whoever wrote it.</summary>
internal static class NameFaults
{
    public static string Describe(SubjectFault fault, string what) => fault switch
    {
        SubjectFault.Empty => $"The {what} is empty.",
        SubjectFault.TooLong => $"The {what} is longer than {SubjectLimits.MaxBytes} bytes.",
        SubjectFault.TooManyTokens => $"The {what} has more than {SubjectLimits.MaxTokens} tokens.",
        SubjectFault.EmptyToken => $"The {what} has an empty token: two dots together, or one at an end.",
        SubjectFault.BadCharacter => $"The {what} has white space, a control character or bytes that are no UTF-8.",
        SubjectFault.Wildcard when what == "subject" => "A message goes to one subject: * and > are for patterns.",
        SubjectFault.Wildcard => $"In a {what} * and > stand alone between dots.",
        SubjectFault.ArrowNotLast => $"In a {what} > is the last token.",
        SubjectFault.BadSpace => $"The {what} begins with a space's name: 1 to {SubjectLimits.MaxSpaceBytes} of a-z, 0-9, - and _.",
        SubjectFault.OnlySpace => $"The {what} has only a space's name; something in it must follow after a dot.",
        _ => $"The {what} is none.",
    };
}
