using System.Runtime.InteropServices;

namespace WeCan.Hosting.Daemon;

/// <summary>
/// What the world asks of a running daemon: to stop (SIGTERM, SIGINT; a second time means at once) and to reload (SIGHUP).
/// What is asked before somebody listens is kept until then.
/// </summary>
internal sealed class DaemonSignals(bool ofProcess) : IDisposable
{
    private readonly Lock _changing = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Queue<string> _stops = new();
    private Action<string>? _onStop;
    private Action? _onReload;
    private bool _isReloadAsked;

    /// <summary>From now on signals of the process come here, and no longer end it.</summary>
    public void Listen()
    {
        if (!ofProcess)
            return;
        Register(PosixSignal.SIGTERM, () => Stop("SIGTERM"));
        Register(PosixSignal.SIGINT, () => Stop("SIGINT"));
        Register(PosixSignal.SIGHUP, Reload);
    }

    public void WhenStopAsked(Action<string> act)
    {
        lock (_changing)
        {
            _onStop = act;
            while (_stops.TryDequeue(out var by))
                act(by);
        }
    }

    public void WhenReloadAsked(Action? act)
    {
        bool isAsked;
        lock (_changing)
        {
            _onReload = act;
            isAsked = _isReloadAsked && act is not null;
            _isReloadAsked = false;
        }

        if (isAsked)
            act!();
    }

    public void Stop(string by)
    {
        lock (_changing)
        {
            if (_onStop is null)
                _stops.Enqueue(by);
            else
                _onStop(by);
        }
    }

    public void Reload()
    {
        Action? act;
        lock (_changing)
        {
            act = _onReload;
            _isReloadAsked = act is null;
        }

        act?.Invoke();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Register(PosixSignal signal, Action act) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    }));
}
