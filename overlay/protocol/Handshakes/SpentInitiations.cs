using WeCan.Contracts;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// Which initiations were found to be old ones lately, by their mac1, which nobody can change who does not know the responder's
/// key. A table of fixed size in which the last to come takes the place: who is not in it is only dearer to refuse.
/// </summary>
internal sealed class SpentInitiations
{
    private readonly Entry[] _entries = new Entry[HandshakeLimits.SpentInitiations];

    public void Add(MonoTime now, UInt128 digest) => EntryOf(digest) = new() { Digest = digest, Until = now + HandshakeLimits.SpentFor };

    public bool Contains(MonoTime now, UInt128 digest)
    {
        ref readonly var entry = ref EntryOf(digest);
        return entry.Digest == digest && now < entry.Until;
    }

    private ref Entry EntryOf(UInt128 digest) => ref _entries[(int)((uint)digest % (uint)_entries.Length)];

    private struct Entry
    {
        public UInt128 Digest;
        public MonoTime Until;
    }
}
