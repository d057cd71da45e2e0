using System.Diagnostics.Metrics;
using System.Text;
using WeCan.Hosting.Metrics;

namespace WeCan.Hosting.Tests.Metrics;

public sealed class MetricTextTests : IDisposable
{
    private readonly Meter _meter = new($"Test.{Guid.NewGuid():N}");
    private readonly MetricRegistry _registry;

    public MetricTextTests() => _registry = new MetricRegistry(_meter.Name);

    public void Dispose()
    {
        _registry.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void The_older_text_is_as_its_format_says()
    {
        Fill();

        Assert.Equal("""
            # HELP wecan_drops_total Packets that were dropped, by reason.
            # TYPE wecan_drops_total counter
            wecan_drops_total{class="bulk",reason="queue"} 2
            wecan_drops_total{class="signal",reason="a \"quoted\\\nname\""} 1
            # HELP wecan_link_rtt_seconds Round trips.
            # TYPE wecan_link_rtt_seconds histogram
            wecan_link_rtt_seconds_bucket{peer="17",le="0.5"} 1
            wecan_link_rtt_seconds_bucket{peer="17",le="1"} 3
            wecan_link_rtt_seconds_bucket{peer="17",le="+Inf"} 4
            wecan_link_rtt_seconds_sum{peer="17"} 4
            wecan_link_rtt_seconds_count{peer="17"} 4
            # HELP wecan_links Links that stand.\nMore than one line \\ of help.
            # TYPE wecan_links gauge
            wecan_links 12

            """, Text(MetricFormat.Prometheus));
    }

    [Fact]
    public void OpenMetrics_is_as_its_format_says()
    {
        Fill();

        Assert.Equal("""
            # HELP wecan_drops Packets that were dropped, by reason.
            # TYPE wecan_drops counter
            wecan_drops_total{class="bulk",reason="queue"} 2
            wecan_drops_total{class="signal",reason="a \"quoted\\\nname\""} 1
            # HELP wecan_link_rtt_seconds Round trips.
            # TYPE wecan_link_rtt_seconds histogram
            # UNIT wecan_link_rtt_seconds seconds
            wecan_link_rtt_seconds_bucket{peer="17",le="0.5"} 1
            wecan_link_rtt_seconds_bucket{peer="17",le="1.0"} 3
            wecan_link_rtt_seconds_bucket{peer="17",le="+Inf"} 4
            wecan_link_rtt_seconds_sum{peer="17"} 4
            wecan_link_rtt_seconds_count{peer="17"} 4
            # HELP wecan_links Links that stand.\nMore than one line \\ of help.
            # TYPE wecan_links gauge
            wecan_links 12
            # EOF

            """, Text(MetricFormat.OpenMetrics));
    }

    [Theory]
    [InlineData("wecan.link.rtt", "s", "wecan_link_rtt_seconds")]
    [InlineData("wecan_link_rtt_seconds", "s", "wecan_link_rtt_seconds")]
    [InlineData("wecan.sent", "By", "wecan_sent_bytes")]
    [InlineData("wecan.sent_total", "{packet}", "wecan_sent")]
    [InlineData("wecan.rate", "bit/s", "wecan_rate_bits_per_second")]
    [InlineData("wecan.load", "1", "wecan_load_ratio")]
    [InlineData("9lives", null, "_lives")]
    public void Names_get_their_units(string instrument, string? unit, string name) => Assert.Equal(name, MetricNames.FamilyOf(instrument, unit, MetricType.Gauge).Name);

    [Fact]
    public void Numbers_that_are_none_are_written_as_the_format_has_them()
    {
        var values = new Queue<double>([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e-7, 123_456_789_012]);
        _meter.CreateObservableGauge("wecan_odd", values.Dequeue);

        var seen = Enumerable.Range(0, 5).Select(_ => Text(MetricFormat.Prometheus).Split('\n')[2].Split(' ')[1]).ToList();

        Assert.Equal(["NaN", "+Inf", "-Inf", "1E-07", "123456789012"], seen);
    }

    [Fact]
    public void What_an_observer_no_longer_reports_is_gone()
    {
        List<Measurement<int>> links = [new(1, new KeyValuePair<string, object?>("peer", 1)), new(2, new KeyValuePair<string, object?>("peer", 2))];
        _meter.CreateObservableGauge("wecan_link_up", () => links);
        Assert.Contains("peer=\"1\"", Text(MetricFormat.Prometheus), StringComparison.Ordinal);

        links.RemoveAt(0);
        Assert.DoesNotContain("peer=\"1\"", Text(MetricFormat.Prometheus), StringComparison.Ordinal);

        links.Clear();
        Assert.DoesNotContain("wecan_link_up", Text(MetricFormat.Prometheus), StringComparison.Ordinal);
    }

    [Fact]
    public void An_observer_that_throws_takes_only_its_own_metric_away()
    {
        _meter.CreateObservableGauge("wecan_a", int () => throw new InvalidOperationException());
        _meter.CreateObservableGauge("wecan_b", () => 1);

        Assert.Equal(["# HELP wecan_b ", "# TYPE wecan_b gauge", "wecan_b 1", ""], Text(MetricFormat.Prometheus).Split('\n'));
        Assert.Equal(1, _registry.FailedObservers);
    }

    [Fact]
    public void A_loop_s_histogram_goes_when_its_owner_takes_it_out()
    {
        var shown = _registry.Add(new FixedHistogram(1, 2), "wecan_turn", "s", "Turns.", new KeyValuePair<string, object?>("loop", "a"));
        Assert.Contains("wecan_turn_seconds_count{loop=\"a\"} 0", Text(MetricFormat.Prometheus), StringComparison.Ordinal);

        shown.Dispose();
        Assert.DoesNotContain("wecan_turn", Text(MetricFormat.Prometheus), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_in_another_order_are_the_same_series()
    {
        var counter = _meter.CreateCounter<long>("wecan_x");
        counter.Add(1, new KeyValuePair<string, object?>("a", 1), new KeyValuePair<string, object?>("b", 2));
        counter.Add(1, new KeyValuePair<string, object?>("b", 2), new KeyValuePair<string, object?>("a", 1));

        Assert.Contains("wecan_x_total{a=\"1\",b=\"2\"} 2", Text(MetricFormat.Prometheus), StringComparison.Ordinal);
    }

    [Fact]
    public void Series_are_bounded_and_what_finds_no_room_is_counted()
    {
        var counter = _meter.CreateCounter<long>("wecan_x");
        for (var i = 0; i < HostingLimits.SeriesPerInstrument + 50; i++)
            counter.Add(1, new KeyValuePair<string, object?>("peer", i));

        Assert.Equal(50, _registry.DroppedMeasurements());
        Assert.Equal(HostingLimits.SeriesPerInstrument, Text(MetricFormat.Prometheus).Split('\n').Count(line => line.StartsWith("wecan_x_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public void Meters_of_others_are_not_listened_to()
    {
        using var other = new Meter("Other");
        other.CreateCounter<long>("other").Add(1);

        Assert.Equal("", Text(MetricFormat.Prometheus));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("text/plain", false)]
    [InlineData("*/*", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1", true)]
    [InlineData("application/openmetrics-text;q=0.2, text/plain;q=0.9", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    [InlineData("application/openmetrics-text;q=nonsense", false)]
    public void The_scraper_chooses_the_text(string accept, bool isOpen) => Assert.Equal(isOpen, MetricsServer.Accepts(accept) == MetricFormat.OpenMetrics);

    private void Fill()
    {
        _meter.CreateObservableGauge("wecan_links", () => 12, null, "Links that stand.\nMore than one line \\ of help.");
        var drops = _meter.CreateCounter<long>("wecan_drops", "{packet}", "Packets that were dropped, by reason.");
        drops.Add(1, new KeyValuePair<string, object?>("reason", "a \"quoted\\\nname\""), new KeyValuePair<string, object?>("class", "signal"));
        drops.Add(2, new KeyValuePair<string, object?>("reason", "queue"), new KeyValuePair<string, object?>("class", "bulk"));
        var rtt = _meter.CreateHistogram("wecan.link.rtt", "s", "Round trips.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        foreach (var value in new[] { 0.25, 0.75, 1, 2 })
            rtt.Record(value, new KeyValuePair<string, object?>("peer", 17));
    }

    private string Text(MetricFormat format)
    {
        using var writer = new MetricWriter();
        _registry.Write(format, writer);
        return Encoding.UTF8.GetString(writer.Written.Span);
    }
}
