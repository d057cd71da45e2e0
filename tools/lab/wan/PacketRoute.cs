using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>Where a packet comes from and goes to. The host numbers are a scenario's, 0 where there is none.</summary>
public readonly record struct PacketRoute(NetAddress From, NetAddress To, int FromHost = 0, int ToHost = 0);
