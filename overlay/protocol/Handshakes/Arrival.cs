using WeCan.Contracts;

namespace WeCan.Protocol.Handshakes;

/// <summary>How an initiation came: from where, when, and whether the node has more handshakes to do than it likes and wants cookies first.</summary>
public readonly record struct Arrival(NetAddress Source, MonoTime Now, bool UnderLoad);
