using System.Text.Json;
using WeCan.Bench.Forward;
using WeCan.Hosting.Daemon;
using WeCan.Programs;

namespace WeCan.Bench.Bus;

/// <summary>bench bus: what clients get through an edge, held against nats-server, which does the same work in the same run.</summary>
internal static class BusVerb
{
    public static int Run(string[] options)
    {
        var (jobs, isJson) = (BusJob.All, false);
        for (var i = 0; i < options.Length; i++)
        {
            var isRead = options[i] switch
            {
                "--json" => isJson = true,
                "--case" => ++i < options.Length && (jobs = [.. BusJob.All.Where(job => job.Name == options[i])]).Length > 0,
                _ => false,
            };
            if (!isRead)
                return Usage.Refuse($"bus cannot read {string.Join(' ', options)}: it takes --json, and to measure less --case with one of {string.Join(", ", BusJob.All.Select(job => job.Name))}.");
        }

        try
        {
            NatsServer.Find();
            using var edge = new BusEdge();
            var cases = jobs.Select(job => BusMeasurement.Measure(edge, job)).ToArray();
            var subjects = jobs == BusJob.All ? SubjectMeasurement.Measure() : null;
            if (isJson)
                PrintJson(cases, subjects);
            else
                PrintTable(cases, subjects);
            return 0;
        }
        catch (Exception failure) when (failure is BusBenchException or ForwardException or ProgramException or DaemonException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    private static void PrintTable(BusCase[] cases, SubjectMeasurement? subjects)
    {
        Console.WriteLine($"{"case",-16} {"messages/s",12} {"p50 us",8} {"p99 us",8} {"edge us",8} {"ends us",8} | {"nats msgs/s",12} {"p50 us",8} {"p99 us",8} {"srv us",8} {"ends us",8} {"ratio",6}");
        foreach (var (name, ours, theirs, ratio) in cases)
        {
            Console.WriteLine(
                $"{name,-16} {ours.Rate,12:N0} {ours.Median,8:0.0} {ours.High,8:0.0} {ours.Server,8:0.00} {ours.Clients,8:0.00} | {theirs.Rate,12:N0} {theirs.Median,8:0.0} {theirs.High,8:0.0} {theirs.Server,8:0.00} {theirs.Clients,8:0.00} {ratio,6:0.00}");
        }

        if (subjects is not null)
            Console.WriteLine($"a subscription takes {subjects.BytesPerSubscription:0} bytes of an edge's tree; who wants a message is found in {subjects.MatchNanoseconds:0} ns");
    }

    private static void PrintJson(BusCase[] cases, SubjectMeasurement? subjects) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            cases = cases.Select(one => new
            {
                name = one.Name,
                messages_per_s = Math.Round(one.Ours.Rate),
                p50_us = one.Ours.Median,
                p99_us = one.Ours.High,
                nats_messages_per_s = Math.Round(one.Theirs.Rate),
                nats_p50_us = one.Theirs.Median,
                nats_p99_us = one.Theirs.High,
                ratio = Math.Round(one.Ratio, 3),
                edge_processor_us = Math.Round(one.Ours.Server, 3),
                clients_processor_us = Math.Round(one.Ours.Clients, 3),
                nats_processor_us = Math.Round(one.Theirs.Server, 3),
                nats_clients_processor_us = Math.Round(one.Theirs.Clients, 3),
            }),
            bytes_per_subscription = subjects is null ? (double?)null : Math.Round(subjects.BytesPerSubscription, 1),
            match_ns = subjects is null ? (double?)null : Math.Round(subjects.MatchNanoseconds, 1),
        }));
}
