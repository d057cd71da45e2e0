using WeCan.Contracts;

namespace WeCan.Controller.Store;

/// <summary>One change that somebody made: who asked for it, and what was done.</summary>
internal sealed record AuditRow(long Id, UnixTime At, string Who, string What);
