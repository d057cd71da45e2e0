using WeCan.Contracts;

namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

internal sealed class SimSubscription(ulong ticket, byte[] pattern, MonoTime since)
{
    public ulong Ticket { get; } = ticket;

    public byte[] Pattern { get; } = pattern;

    public MonoTime Since { get; } = since;

    public MonoTime? ConfirmedAt { get; set; }
}
