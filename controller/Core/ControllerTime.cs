using WeCan.Contracts;

namespace WeCan.Controller.Core;

/// <summary>Now, by both clocks: the one that measures, and the one by which certificates, tokens and members end.</summary>
internal readonly record struct ControllerTime(MonoTime Mono, UnixTime Wall);
