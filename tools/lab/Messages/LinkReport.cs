namespace WeCan.Lab.Messages;

/// <summary>One end of a link, as the node measures it.</summary>
/// <param name="MegabitsPerSecond">What the node believes the way can carry; 0 before it knows.</param>
internal sealed record LinkReport(
    string Peer, double RttMilliseconds, double JitterMilliseconds, double MegabitsPerSecond, long DatagramsSent, long PacketsTracked, long PacketsLost, long SymbolsResent);
