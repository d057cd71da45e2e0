using System.Diagnostics.Metrics;
using System.Text;
using WeCan.Hosting.Metrics;

namespace WeCan.Hosting.Tests.Metrics;

public sealed class ScrapeTests
{
    // Writers never stop, scrapes never stop: each text agrees with itself, and in the end nothing is missing.
    [Fact]
    public async Task A_scrape_among_writers_agrees_with_itself()
    {
        const int Each = 200_000;
        using var meter = new Meter($"Test.{Guid.NewGuid():N}");
        using var registry = new MetricRegistry(meter.Name);
        var counter = meter.CreateCounter<long>("wecan_x");
        var shared = meter.CreateHistogram("wecan_h", null, null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 3] });
        var own = new FixedHistogram(1, 2, 3);
        registry.Add(own, "wecan_own", null, "One writer.");
        using var done = new CancellationTokenSource();
        var scraping = Task.Run(() =>
        {
            var scrapes = 0;
            double before = 0;
            do
            {
                var text = Text(registry);
                foreach (var name in new[] { "wecan_h", "wecan_own" })
                {
                    var buckets = Values(text, $"{name}_bucket").ToList();
                    Assert.Equal(buckets.Order(), buckets);
                    if (buckets.Count > 0)
                        Assert.Equal(buckets[^1], Assert.Single(Values(text, $"{name}_count")));
                }

                var now = Values(text, "wecan_x_total").Sum();
                Assert.True(now >= before);
                before = now;
                scrapes++;
            }
            while (!done.IsCancellationRequested);

            return scrapes;
        });
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("writer", "same"));
                shared.Record(i % 5);
                if (writer == 0)
                    own.Record(i % 5);
            }
        }));
        await Task.WhenAll(writers);
        await done.CancelAsync();

        Assert.True(await scraping > 0);
        var last = Text(registry);
        Assert.Equal(3 * Each, Assert.Single(Values(last, "wecan_x_total")));
        Assert.Equal(3 * Each, Assert.Single(Values(last, "wecan_h_count")));
        Assert.Equal(Each, Assert.Single(Values(last, "wecan_own_count")));
        Assert.Equal(Each * 2, Assert.Single(Values(last, "wecan_own_sum")));
    }

    [Fact]
    public void What_a_loop_records_allocates_nothing()
    {
        using var meter = new Meter($"Test.{Guid.NewGuid():N}");
        using var registry = new MetricRegistry(meter.Name);
        var counter = meter.CreateCounter<long>("wecan_x");
        var tag = new KeyValuePair<string, object?>("class", "signal");
        var pulse = new LoopPulse("test");
        Record();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            Record();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Record()
        {
            counter.Add(1, tag);
            pulse.Turn(TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public void A_scrape_of_a_thousand_series_allocates_little()
    {
        using var meter = new Meter($"Test.{Guid.NewGuid():N}");
        using var registry = new MetricRegistry(meter.Name);
        var measurements = Enumerable.Range(0, 1_000).Select(peer => new Measurement<long>(peer, new KeyValuePair<string, object?>("peer", peer))).ToArray();
        meter.CreateObservableGauge("wecan_links", () => measurements);
        Scrape();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            Scrape();

        // What is left is the platform's enumeration of the observer's answers, and the writer.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10, 0, 8_192);

        void Scrape()
        {
            using var writer = new MetricWriter();
            registry.Write(MetricFormat.Prometheus, writer);
        }
    }

    private static string Text(MetricRegistry registry)
    {
        using var writer = new MetricWriter();
        registry.Write(MetricFormat.Prometheus, writer);
        return Encoding.UTF8.GetString(writer.Written.Span);
    }

    private static IEnumerable<double> Values(string text, string name) =>
        from line in text.Split('\n')
        where line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is ('{' or ' ')
        select double.Parse(line[(line.LastIndexOf(' ') + 1)..]);
}
