using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Store;

/// <summary>The network that a store holds; made once.</summary>
internal sealed record NetworkRow(NetworkId Id, string Name, UnixTime Created);
