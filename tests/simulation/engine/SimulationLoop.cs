using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation;

/// <summary>
/// Programs on the hosts of a bad network, in virtual time: the loop hands each its datagrams and timeouts, carries what
/// it sends, and jumps from one event to the next. Whoever writes the test drives it, from one thread. The same scenario,
/// seed and calls give the same run, bit for bit, which <see cref="Fingerprint"/> tells. At one instant scheduled
/// actions come first, then arrivals in order, then timeouts by host. A program that throws ends the run with its exception.
/// </summary>
public sealed class SimulationLoop : IDisposable
{
    private const ulong ClockStream = 1UL << 32;
    private const ulong ProgramStream = 1UL << 33;

    private readonly SimulationOptions _options;
    private readonly SimProcess[] _processes;
    private readonly DeadlineHeap _timers;
    private readonly EventQueue _actions = new();
    private readonly Fingerprint _fingerprint = new();
    private readonly byte[] _transmitBuffer = new byte[WanLimits.MaxDatagram];
    private readonly ulong _seed;
    private SimEvent _last;
    private int _stepsAtInstant;

    public SimulationLoop(Scenario scenario, SimulationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        _options = options ?? new();
        _options.ThrowIfInvalid();
        _seed = _options.Seed ?? scenario.Seed;
        Network = new(scenario, _seed);
        _timers = new(scenario.Hosts.Length);
        _processes = new SimProcess[scenario.Hosts.Length];
        for (var host = 0; host < _processes.Length; host++)
            _processes[host] = new(host, scenario.Hosts[host].Name, ChooseClock(host));
        foreach (var timed in scenario.Changes)
        {
            if (timed.Change.IsProcessChange)
                _actions.Schedule(timed.At, () => Apply(timed.Change));
        }
    }

    public WanNetwork Network { get; }

    /// <summary>True time, which no program sees.</summary>
    public MonoTime Now { get; private set; }

    /// <summary>Events so far.</summary>
    public long Steps { get; private set; }

    public ulong Fingerprint => _fingerprint.Value;

    /// <summary>Datagrams that arrived where no program listened.</summary>
    public long Unclaimed { get; private set; }

    /// <summary>Sees every event as it happens; for tracing a run or finding where two differ.</summary>
    public Action<SimEvent>? Observer { get; set; }

    /// <summary>What to say in a failure so that anyone can run to this place again.</summary>
    public string Position => $"{Network.Scenario.Name} seed {_seed}, {Now}, step {Steps}";

    /// <summary>Starts a program on a host. It is made at once, and again at every restart.</summary>
    public ISimHost AddHost(string name, ushort port, SimHostFactory factory) => AddHost(HostNamed(name), port, factory);

    public ISimHost AddHost(int host, ushort port, SimHostFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentOutOfRangeException.ThrowIfZero(port);
        var process = _processes[host];
        if (process.Factory is not null)
            throw new InvalidOperationException($"Host '{process.Name}' has its program already; restart it instead.");
        process.Factory = factory;
        process.Address = Network.Scenario.Hosts[host].Address(port);
        return Start(process);
    }

    /// <summary>The program that runs on a host; null after a crash.</summary>
    public ISimHost? Host(int host) => _processes[host].Program;

    public ISimHost? Host(string name) => Host(HostNamed(name));

    public HostClock Clock(int host) => _processes[host].Clock;

    public NetAddress Address(int host) => _processes[host].Address;

    /// <summary>Runs an action at a true time, now at the earliest.</summary>
    public void At(MonoTime time, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        _actions.Schedule(MonoTime.Max(time, Now), action);
    }

    /// <summary>
    /// Calls into a host's program as its owner would, with the time on its clock, and then carries what it wants to send.
    /// A program changed in any other way is not seen to before its next event.
    /// </summary>
    public void Call<T>(int host, Action<T, MonoTime> action)
        where T : class, ISimHost
    {
        ArgumentNullException.ThrowIfNull(action);
        var process = _processes[host];
        if (process.Program is not T program)
            throw new InvalidOperationException($"Host '{process.Name}' runs no {typeof(T).Name} at {Position}.");
        Record(SimEventKind.Call, host, NetAddress.None, 0);
        action(program, process.Clock.ToLocal(Now));
        Settle(process);
    }

    /// <summary>The program is gone without a word, with its timers; what it sent before still flies.</summary>
    public void Crash(int host)
    {
        var process = _processes[host];
        if (process.Program is not { } program)
            return;
        process.Program = null;
        process.PausedUntil = MonoTime.Zero;
        process.Held.Clear();
        _timers.Set(host, MonoTime.Never);
        (program as IDisposable)?.Dispose();
        Record(SimEventKind.Crashed, host, NetAddress.None, process.Epoch.Value);
    }

    /// <summary>A new life of the program, after a crash if it still runs.</summary>
    /// <param name="clock">The clock after a reboot of the machine; without it the clock runs on.</param>
    public ISimHost Restart(int host, HostClock? clock = null)
    {
        var process = _processes[host];
        if (process.Factory is null)
            throw new InvalidOperationException($"Host '{process.Name}' has no program to restart: add one first.");
        Crash(host);
        process.Clock = clock ?? process.Clock;
        return Start(process);
    }

    /// <summary>
    /// The host comes from another port from now on and hears nothing that is sent to the one before, as when a NAT has
    /// forgotten its mapping. The program is not told, and keeps the port over a restart.
    /// </summary>
    public void Move(int host, ushort port)
    {
        ArgumentOutOfRangeException.ThrowIfZero(port);
        var process = _processes[host];
        process.Address = process.Address with { Port = port };
        Record(SimEventKind.Moved, host, process.Address, 0);
    }

    /// <summary>
    /// The program gets no processor before a true time: what comes for it waits in the socket, its timeouts are late, and its
    /// clock runs on. A crash ends the pause.
    /// </summary>
    public void Pause(int host, MonoTime until)
    {
        var process = _processes[host];
        if (process.Program is null || until <= MonoTime.Max(Now, process.PausedUntil))
            return;
        Record(SimEventKind.Paused, host, NetAddress.None, 0);
        process.PausedUntil = until;
        SetTimer(process);
        At(until, () => Resume(process));
    }

    /// <summary>Makes a change of the network or of a program happen now.</summary>
    public void Apply(ScenarioChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Kind == ScenarioChangeKind.Crash)
            Crash(change.First);
        else if (change.Kind == ScenarioChangeKind.Restart)
            Restart(change.First);
        else
            Network.Apply(change);
    }

    /// <summary>The same in the scenario's language, like "link a b down" or "host a crash".</summary>
    public void Apply(string statement) => Apply(Network.Scenario.ParseChange(statement));

    /// <summary>Runs everything up to and at a true time; Never runs until nothing is left to happen.</summary>
    public void RunUntil(MonoTime until) => Run(until, condition: null);

    public void RunFor(Duration duration) => RunUntil(Now + duration);

    /// <summary>Runs until the condition holds, which is asked after every event; false when the deadline comes first.</summary>
    public bool RunUntil(MonoTime deadline, Func<bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return condition() || Run(deadline, condition);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            (process.Program as IDisposable)?.Dispose();
            process.Program = null;
        }
    }

    private bool Run(MonoTime until, Func<bool>? condition)
    {
        while (true)
        {
            var next = MonoTime.Min(MonoTime.Min(_actions.Next, Network.NextEvent), _timers.First);
            if (next.IsNever || (next > until && next > Now))
            {
                if (!until.IsNever)
                    MoveTo(until);
                return false;
            }

            MoveTo(next);
            Step();
            if (condition is not null && condition())
                return true;
        }
    }

    private void MoveTo(MonoTime time)
    {
        if (time > Now)
        {
            Now = time;
            _stepsAtInstant = 0;
        }

        Network.AdvanceTo(Now);
    }

    private void Step()
    {
        Steps++;
        if (++_stepsAtInstant > _options.MaxStepsPerInstant)
            throw Stuck($"time stands still after {_options.MaxStepsPerInstant:#,0} events");
        if (Steps > _options.MaxSteps)
            throw Stuck($"the run has over {_options.MaxSteps:#,0} events");
        if (_actions.Next <= Now)
        {
            Record(SimEventKind.Action, -1, NetAddress.None, 0);
            _actions.Take()();
        }
        else if (Network.TryReceive(Now, out var delivery))
        {
            Deliver(delivery);
        }
        else if (_timers.First <= Now)
        {
            Fire(_processes[_timers.FirstOwner]);
        }
    }

    private void Deliver(Delivery delivery)
    {
        var process = _processes[delivery.Route.ToHost];
        var claimed = process.Program is not null && process.Address == delivery.Route.To;
        Record(claimed ? SimEventKind.Datagram : SimEventKind.Unclaimed, process.Host, delivery.Route.From, delivery.Datagram.Length);
        if (!claimed)
        {
            Unclaimed++;
            return;
        }

        if (process.PausedUntil <= Now)
            Hand(process, delivery.Route.From, delivery.Datagram);
        else if (process.Held.Count < SimProcess.MaxHeld)
            process.Held.Enqueue((delivery.Route.From, delivery.Datagram.ToArray()));
    }

    private void Hand(SimProcess process, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        process.Program!.HandleDatagram(process.Clock.ToLocal(Now), from, datagram);
        Settle(process);
    }

    private void Resume(SimProcess process)
    {
        if (process.Program is null || process.PausedUntil != Now)
            return;
        Record(SimEventKind.Resumed, process.Host, NetAddress.None, process.Held.Count);
        while (process.Program is not null && process.Held.TryDequeue(out var held))
            Hand(process, held.From, held.Datagram);
        SetTimer(process);
    }

    private void Fire(SimProcess process)
    {
        Record(SimEventKind.Timeout, process.Host, NetAddress.None, 0);
        process.Program!.HandleTimeout(process.Clock.ToLocal(Now));
        Settle(process);
    }

    private ISimHost Start(SimProcess process)
    {
        process.Epoch = new(process.Epoch.Value + 1);
        var stream = ProgramStream | ((ulong)process.Epoch.Value << 34) | (uint)process.Host;
        var context = new SimHostContext(
            process.Host, process.Name, process.Address, process.Epoch, process.Clock.ToLocal(Now), WanRandom.Derive(_seed, stream));
        Record(SimEventKind.Started, process.Host, NetAddress.None, process.Epoch.Value);
        var program = process.Program = process.Factory!(context);
        Settle(process);
        return program;
    }

    /// <summary>What follows every call into a program: it sends all that it has, and its next timeout is noted.</summary>
    private void Settle(SimProcess process)
    {
        if (process.Program is not { } program)
            return;
        var local = process.Clock.ToLocal(Now);
        var sent = 0;
        while (program.TryPollTransmit(local, _transmitBuffer, out var to, out var length))
        {
            var datagram = _transmitBuffer.AsSpan(0, length);
            _fingerprint.Add(datagram);
            Record(SimEventKind.Transmit, process.Host, to, length);
            Network.Send(Now, process.Address, to, datagram);
            if (++sent > _options.MaxTransmitsPerPoll)
                throw Stuck($"host '{process.Name}' sent over {_options.MaxTransmitsPerPoll:#,0} datagrams at one poll");
        }

        SetTimer(process);
    }

    private void SetTimer(SimProcess process)
    {
        var next = process.Program is { } program ? process.Clock.ToTrue(program.NextTimeout) : MonoTime.Never;
        _timers.Set(process.Host, process.PausedUntil > Now ? MonoTime.Max(next, process.PausedUntil) : next);
    }

    private void Record(SimEventKind kind, int host, NetAddress peer, long detail)
    {
        _fingerprint.Add(((ulong)kind << 32) | (uint)host);
        _fingerprint.Add(Now.Nanoseconds);
        _fingerprint.Add(peer.High);
        _fingerprint.Add(peer.Low);
        _fingerprint.Add(((ulong)peer.Port << 48) ^ (ulong)detail);
        _last = new(kind, Now, host, peer, detail, _fingerprint.Value);
        Observer?.Invoke(_last);
    }

    private SimulationStuckException Stuck(string what)
    {
        var last = _last.Host < 0 ? $"an {_last.Kind}" : $"a {_last.Kind} at host '{_processes[_last.Host].Name}'";
        var process = _last.Host < 0 ? null : _processes[_last.Host];
        var clock = process?.Program is not { } program ? "" :
            $", whose clock shows {process.Clock.ToLocal(Now)} and whose NextTimeout is {program.NextTimeout}";
        return new($"{Position}: {what}. The last was {last}{clock}. A host must move NextTimeout past now when it has been "
            + "called, TryPollTransmit must come to an end, and two hosts must not answer each other forever without delay.");
    }

    private HostClock ChooseClock(int host)
    {
        var random = new WanRandom(WanRandom.Derive(_seed, ClockStream | (uint)host));
        var range = _options.MaxClockOffset.Nanoseconds - Duration.FromSeconds(1).Nanoseconds;
        var offset = Duration.FromSeconds(1) + new Duration((long)(random.Uniform() * range));
        var drift = ((2 * random.Uniform()) - 1) * _options.MaxDriftPpm;
        return new(offset, Network.Scenario.Hosts[host].DriftPpm ?? drift);
    }

    private int HostNamed(string name)
    {
        var host = Network.Scenario.IndexOf(name);
        return host >= 0 ? host : throw new ArgumentException($"{Network.Scenario.Name} has no host '{name}'.", nameof(name));
    }
}
