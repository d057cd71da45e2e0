using WeCan.Contracts;

namespace WeCan.Controller.Store;

/// <summary>One version of the routing policy: when it was set, by whom and why, and the document's text.</summary>
internal sealed record PolicyRow(long Version, UnixTime At, string Who, string Comment, string Text);
