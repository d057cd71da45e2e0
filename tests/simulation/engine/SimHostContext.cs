using WeCan.Contracts;

namespace WeCan.Simulation;

/// <summary>What a program knows when it starts.</summary>
/// <param name="Host">The host's number in the scenario.</param>
/// <param name="Address">Its own address: datagrams to it arrive here, and what it sends comes from here.</param>
/// <param name="Epoch">1 for the first life, one more for each after.</param>
/// <param name="Now">The time on the host's clock.</param>
/// <param name="Seed">For the program's own chance; no other host and no other life has the same.</param>
public sealed record SimHostContext(int Host, string Name, NetAddress Address, BootEpoch Epoch, MonoTime Now, ulong Seed);
