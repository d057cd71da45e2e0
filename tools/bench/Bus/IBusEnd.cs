namespace WeCan.Bench.Bus;

/// <summary>A client of what is measured, of the bus or of nats-server, as a program would use it.</summary>
internal interface IBusEnd : IDisposable
{
    /// <summary>Hands a message over; waits while there is no room for it.</summary>
    void Publish(string subject, ReadOnlyMemory<byte> payload);

    /// <summary>What was handed over goes on its way now.</summary>
    void Flush();

    /// <summary>Has a message's payload handed to a function, one after the other; what is published from now on comes.</summary>
    void Subscribe(string subject, PayloadTaker take);
}
