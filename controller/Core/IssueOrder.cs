using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Core;

/// <summary>A certificate to be made: for which request, for which node, and until when.</summary>
internal sealed record IssueOrder(byte[] Request, NodeId Number, OverlayKey Key, UnixTime Expires);
