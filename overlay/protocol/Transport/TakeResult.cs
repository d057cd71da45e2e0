namespace WeCan.Protocol.Transport;

/// <summary>What became of a segment whose turn it is.</summary>
internal enum TakeResult : byte
{
    Taken = 0,
    NoMemory = 1,
    Contradiction = 2,
}
