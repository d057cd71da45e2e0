using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WeCan.Controller.History.Files;

namespace WeCan.Controller.History;

/// <summary>
/// A controller's history while it runs: the recorder for the loop, a thread's worth of writing behind it, and a reader for whoever asks.
/// The loop never waits for the disk: slots wait in a queue, and what finds no room in it is let go of and counted.
/// </summary>
internal sealed class HistoryDesk : IAsyncDisposable
{
    private readonly Channel<HistorySlot> _slots = Channel.CreateBounded<HistorySlot>(new BoundedChannelOptions(HistoryLimits.SlotsWaiting) { SingleReader = true });
    private readonly HistoryFiles _files;
    private readonly HistoryKeeper _keeper;
    private readonly Task _keeping;

    private HistoryDesk(HistoryFiles files, ILogger log)
    {
        _files = files;
        _keeper = new(files, Counters, failure => Tell(log, failure));
        Counters.Holds(files.Bytes);
        Recorder = new(files.Begins, Take);
        Reader = new(files, Counters);
        _keeping = Task.Run(KeepAsync);
    }

    public HistoryRecorder Recorder { get; }

    public HistoryReader Reader { get; }

    /// <summary>Called with each slot that is over, on the loop's thread.</summary>
    public Action<HistorySlot>? Closed { get; set; }

    public HistoryCounters Counters { get; } = new();

    /// <summary>Null where the folder cannot be used, which is told: a controller does its work without a past.</summary>
    public static HistoryDesk? Open(string folder, long bytes, ILogger log)
    {
        if (bytes == 0)
            return null;
        try
        {
            return new(HistoryFiles.Open(new(folder), bytes, sentence => HistoryLog.SetAside(log, sentence)), log);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            HistoryLog.Without(log, failure.Message);
            return null;
        }
    }

    /// <summary>Once nobody hands anything to the recorder any more: all of it goes to the disk.</summary>
    public async ValueTask DisposeAsync()
    {
        Recorder.Finish();
        _slots.Writer.TryComplete();
        await _keeping;
        _files.Dispose();
    }

    private void Take(HistorySlot slot)
    {
        Counters.Dropped(Recorder.TakePairsDropped());
        Closed?.Invoke(slot);
        if (!_slots.Writer.TryWrite(slot))
            Counters.Dropped(slot.Points.Count);
    }

    private async Task KeepAsync()
    {
        await foreach (var slot in _slots.Reader.ReadAllAsync())
            _keeper.Keep(slot);
        _keeper.Synchronise();
    }

    private static void Tell(ILogger log, string? failure)
    {
        if (failure is null)
            HistoryLog.KeptAgain(log);
        else
            HistoryLog.NotKept(log, failure);
    }
}
