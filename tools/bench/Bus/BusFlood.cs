namespace WeCan.Bench.Bus;

/// <summary>Publishes as much as there is room for.</summary>
internal sealed class BusFlood : BusWork
{
    private readonly IBusEnd _end;
    private readonly string _subject;
    private readonly byte[] _payload;

    public BusFlood(IBusEnd end, string subject, int bytes)
    {
        (_end, _subject, _payload) = (end, subject, new byte[bytes]);
        Start();
    }

    protected override void Run()
    {
        for (var number = 1L; !IsOver; number++)
        {
            MessageCount.Write(_payload, number, time: 0);
            _end.Publish(_subject, _payload);
        }

        _end.Flush();
    }
}
