using System.Globalization;

namespace WeCan.Bench.Bus;

/// <summary>
/// A client of what is measured, as a process of its own. Its arguments say of what; then it takes a line for each thing that it is to do, and answers
/// each with one: "count SUBJECT", "echo SUBJECT REPLY", "flood SUBJECT BYTES", "pace SUBJECT BYTES RATE", "hear REPLY", "ask SUBJECT BYTES", "halt", "look", "delays".
/// </summary>
internal sealed class BusEndProgram(IBusEnd end) : IDisposable
{
    /// <summary>The argument that makes the program a client. It is not for people, and so is in no help.</summary>
    public const string Argument = "bus-end";

    private readonly MessageCount _count = new();
    private readonly SemaphoreSlim _answered = new(0);
    private BusWork? _work;

    public static int Run(string[] arguments, TextReader input, TextWriter output)
    {
        using var program = new BusEndProgram(arguments[0] switch
        {
            "nats" => new NatsEnd(int.Parse(arguments[1], CultureInfo.InvariantCulture), isSealed: arguments[2] == "tls"),
            _ => new WeCanEnd(arguments[1], arguments[2]),
        });
        while (input.ReadLine() is { } line)
        {
            output.WriteLine(program.Do(line.Split(' ')));
            output.Flush();
        }

        return 0;
    }

    public void Dispose()
    {
        _work?.Dispose();
        end.Dispose();
        _answered.Dispose();
    }

    private string Do(string[] words)
    {
        switch (words)
        {
            case ["count", var subject]:
                end.Subscribe(subject, _count.Take);
                return "counts";
            case ["echo", var subject, var reply]:
                end.Subscribe(subject, payload =>
                {
                    end.Publish(reply, payload.ToArray());
                    end.Flush();
                });
                return "echoes";
            case ["flood", var subject, var bytes]:
                _work = new BusFlood(end, subject, Number(bytes));
                return "floods";
            case ["pace", var subject, var bytes, var rate]:
                _work = new BusPace(end, subject, Number(bytes), Number(rate));
                return "paces";
            case ["hear", var reply]:
                end.Subscribe(reply, payload =>
                {
                    _count.Take(payload);
                    _answered.Release();
                });
                return "hears";
            case ["ask", var subject, var bytes]:
                _work = new BusAsking(end, subject, Number(bytes), _answered);
                return "asks";
            case ["halt"]:
                _work?.Dispose();
                _work = null;
                return "halted";
            case ["look"]:
                return string.Create(CultureInfo.InvariantCulture, $"{_count.Total} {_count.Missing}");
            case ["delays"]:
                var delays = _count.TakeDelays();
                return string.Create(CultureInfo.InvariantCulture, $"{delays.MillisecondsAt(0.5) * 1e3:0.0} {delays.MillisecondsAt(0.99) * 1e3:0.0}");
            default:
                return "what?";
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
