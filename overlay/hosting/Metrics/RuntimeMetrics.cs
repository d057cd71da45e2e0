using System.Diagnostics.Metrics;
using System.Runtime;

namespace WeCan.Hosting.Metrics;

/// <summary>
/// What .NET knows of itself, read at a scrape only. The platform's own meter, System.Runtime, is not shown: it calls lengths
/// of queues counters, and promtool refuses some of its names.
/// </summary>
internal sealed class RuntimeMetrics : IDisposable
{
    private readonly Meter _meter = new("WeCan.DotNet");
    private readonly Measurement<int>[] _collections = new Measurement<int>[GC.MaxGeneration + 1];

    public RuntimeMetrics()
    {
        _meter.CreateObservableCounter("dotnet_gc_collections", Collections, null, "Garbage collections, by generation; an older one collects the younger too.");
        _meter.CreateObservableCounter("dotnet_gc_pause_seconds", () => GC.GetTotalPauseDuration().TotalSeconds, "s", "Time that all threads stood still for the garbage collector.");
        _meter.CreateObservableCounter("dotnet_gc_allocated_bytes", () => GC.GetTotalAllocatedBytes(), "By", "Memory that was allocated on the managed heap.");
        _meter.CreateObservableGauge("dotnet_gc_heap_bytes", () => GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes, "By", "The managed heap as the last collection left it.");
        _meter.CreateObservableGauge("dotnet_gc_committed_bytes", () => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, "By", "Memory that the managed heap held after the last collection.");
        _meter.CreateObservableGauge("dotnet_thread_pool_threads", () => ThreadPool.ThreadCount, null, "Threads of the pool.");
        _meter.CreateObservableGauge("dotnet_thread_pool_queued_items", () => ThreadPool.PendingWorkItemCount, null, "Work that waits for a thread of the pool.");
        _meter.CreateObservableCounter("dotnet_thread_pool_completed_items", () => ThreadPool.CompletedWorkItemCount, null, "Work that the pool has done.");
        _meter.CreateObservableCounter("dotnet_lock_contentions", () => Monitor.LockContentionCount, null, "Times that a thread had to wait for a lock.");
        _meter.CreateObservableCounter("dotnet_jit_seconds", () => JitInfo.GetCompilationTime().TotalSeconds, "s", "Time spent compiling methods.");
    }

    public void Dispose() => _meter.Dispose();

    private Measurement<int>[] Collections()
    {
        for (var generation = 0; generation < _collections.Length; generation++)
            _collections[generation] = new(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", generation));
        return _collections;
    }
}
