using System.Diagnostics;

namespace WeCan.Bench.Bus;

/// <summary>Asks, waits for the answer, and asks again; each answer is counted, with how long it took.</summary>
internal sealed class BusAsking : BusWork
{
    private readonly IBusEnd _end;
    private readonly string _subject;
    private readonly byte[] _payload;
    private readonly SemaphoreSlim _answered;

    /// <param name="end">Who asks.</param>
    /// <param name="subject">Where to.</param>
    /// <param name="bytes">Of a request, and of its answer.</param>
    /// <param name="answered">Released for each answer that came.</param>
    public BusAsking(IBusEnd end, string subject, int bytes, SemaphoreSlim answered)
    {
        (_end, _subject, _payload, _answered) = (end, subject, new byte[bytes], answered);
        Start();
    }

    protected override void Run()
    {
        for (var number = 1L; !IsOver; number++)
        {
            MessageCount.Write(_payload, number, Stopwatch.GetTimestamp());
            _end.Publish(_subject, _payload);
            _end.Flush();
            if (!_answered.Wait(BusLimits.AnswerBound))
                throw new BusBenchException("A request was not answered.");
        }
    }
}
