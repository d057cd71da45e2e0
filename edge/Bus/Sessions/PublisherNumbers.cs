using WeCan.Edge.Bus.Fanout;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>The short numbers by which a session is told whose a message is.</summary>
internal sealed class PublisherNumbers
{
    private readonly Dictionary<PublisherName, uint> _numbers = [];

    /// <summary>The publisher's number; <paramref name="isNew"/> when the client has to be told it first.</summary>
    public uint Get(PublisherName name, out bool isNew)
    {
        isNew = !_numbers.TryGetValue(name, out var number);
        if (!isNew)
            return number;
        if (_numbers.Count == BusLimits.MaxPublishers)
            _numbers.Clear();
        number = (uint)_numbers.Count;
        _numbers.Add(name, number);
        return number;
    }
}
