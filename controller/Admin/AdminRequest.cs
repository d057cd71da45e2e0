namespace WeCan.Controller.Admin;

/// <summary>What an operator asks of a controller: a command, as "token create", and its arguments by name.</summary>
internal sealed record AdminRequest(string Command, IReadOnlyDictionary<string, string> Arguments);
