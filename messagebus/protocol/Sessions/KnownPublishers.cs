using System.Buffers.Binary;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>
/// The publishers that a client hears, each with a small index that stays its own over all sessions, and which of them a number of this
/// session means.
/// </summary>
internal sealed class KnownPublishers
{
    private readonly Dictionary<UInt128, int> _indices = [];
    private readonly List<UInt128> _names = [];
    private readonly Dictionary<uint, int> _numbers = [];

    /// <summary>False when there are too many: an edge that gives names without end is no edge.</summary>
    public bool TrySet(uint number, ReadOnlySpan<byte> session)
    {
        var name = BinaryPrimitives.ReadUInt128BigEndian(session);
        if (!_indices.TryGetValue(name, out var index))
        {
            if (_indices.Count == SessionLimits.MaxPublishers)
                return false;
            index = _indices.Count;
            _indices.Add(name, index);
            _names.Add(name);
        }

        _numbers[number] = index;
        return _numbers.Count <= SessionLimits.MaxPublishers;
    }

    /// <summary>The publisher's session.</summary>
    public UInt128 NameOf(int index) => _names[index];

    public bool TryGet(uint number, out int index) => _numbers.TryGetValue(number, out index);

    /// <summary>A new session has numbers of its own.</summary>
    public void ForgetNumbers() => _numbers.Clear();
}
