using WeCan.Edge.Bus.Fanout;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>The short numbers by which a session is told whose a message is.</summary>
internal sealed class PublisherNumbers
{
    private readonly Dictionary<PublisherName, uint> _numbers = [];
    private PublisherName _latest;
    private uint _latestNumber;

    /// <summary>The publisher's number; <paramref name="isNew"/> when the client has to be told it first.</summary>
    public uint Get(PublisherName name, out bool isNew)
    {
        isNew = false;
        if (_numbers.Count > 0 && name == _latest)
            return _latestNumber;
        _latest = name;
        isNew = !_numbers.TryGetValue(name, out _latestNumber);
        if (!isNew)
            return _latestNumber;
        if (_numbers.Count == BusLimits.MaxPublishers)
            _numbers.Clear();
        _latestNumber = (uint)_numbers.Count;
        _numbers.Add(name, _latestNumber);
        return _latestNumber;
    }
}
