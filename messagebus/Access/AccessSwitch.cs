using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.Protocol.Crypto;

namespace WeCan.MessageBus.Access;

/// <summary>
/// Has the session go over native access or a WebSocket, as <see cref="AccessRace"/> decides. On the loop's thread, which calls
/// <see cref="Turn"/> in each of its own turns. A change of access is a connection like any other to the session: it is resumed, and the
/// application notices nothing.
/// </summary>
internal sealed class AccessSwitch : IDisposable
{
    private readonly BusOptions _options;
    private readonly Action _wake;
    private readonly AccessRace _race;
    private PipeConnection? _pipe;
    private bool _isCarrying;
    private bool _isTaken;
    private AccessKind? _noted;
    private MonoTime _heardAt;
    private MonoTime _saidAt;
    private MonoTime _pingedAt;

    public AccessSwitch(BusOptions options, DeterministicRandom random, Action wake, MonoTime now)
    {
        (_options, _wake, _race) = (options, wake, new(random));
        _race.Begin(now, options.Web is not null, AccessMemory.Of(options.Web));
    }

    public MonoTime NextTimeout => MonoTime.Min(_race.NextTimeout, _isCarrying ? MonoTime.Min(PingAt, _heardAt + AccessLimits.LostAfter) : MonoTime.Never);

    /// <summary>When the edge is asked whether it is there: it has to hear from us too.</summary>
    private MonoTime PingAt => MonoTime.Max(MonoTime.Min(_heardAt, _saidAt), _pingedAt) + AccessLimits.PingAfter;

    /// <summary>Takes what came over the pipe, changes the access where that is better, and hands over what is to go.</summary>
    public void Turn(MonoTime now, NativeClient client)
    {
        if (_options.Web is not { } web)
            return;
        _race.NativeIs(now, client.IsUp);
        Follow(now, client.Bus);
        _race.HandleTimeout(now);
        Change(now, client);
        if (_race.TryBegin(now))
            _pipe = new(web, _options.Token, _options.WebCertificate, _wake);
        if (_isCarrying)
            Talk(now, client);
        Note(web, client.Bus);
    }

    /// <summary>The last words are sent, for a moment.</summary>
    public void Close(MonoTime now, NativeClient client)
    {
        if (_pipe is not { } pipe)
            return;
        if (_isCarrying)
        {
            Talk(now, client);
            pipe.End();
            pipe.Done.Wait(AccessBounds.CloseTime);
        }

        pipe.Dispose();
        _pipe = null;
    }

    public void Dispose() => _pipe?.Dispose();

    private void Follow(MonoTime now, BusClient bus)
    {
        if (_pipe is not { } pipe)
            return;
        if (pipe.IsOpen && !_isTaken)
        {
            _isTaken = true;
            if (!_race.TryStand(now))
            {
                Drop(bus);
                return;
            }
        }

        var isGood = true;
        if (_isCarrying && !pipe.Piece.IsEmpty)
        {
            isGood = bus.TryHandle(now, pipe.Piece);
            _heardAt = now;
            pipe.Release();
        }

        // What came before the end is heard first.
        if (isGood && !(pipe.IsOver && pipe.Piece.IsEmpty) && !(_isCarrying && now >= _heardAt + AccessLimits.LostAfter))
            return;
        Drop(bus);
        _race.Fail(now);
    }

    private void Change(MonoTime now, NativeClient client)
    {
        if (_isCarrying && _race.Carrier != AccessKind.WebSocket)
            Drop(client.Bus);
        var mayNative = _race.Carrier != AccessKind.WebSocket;
        if (mayNative != client.MayCarry)
        {
            client.MayCarry = mayNative;
            client.Turn(now);
        }

        if (_isCarrying || _race.Carrier != AccessKind.WebSocket)
            return;
        _isCarrying = true;
        client.InLine.Clear();
        (_heardAt, _saidAt, _pingedAt) = (now, now, now);
        client.Bus.Connect();
    }

    private void Talk(MonoTime now, NativeClient client)
    {
        var bus = client.Bus;
        if (now >= PingAt)
        {
            bus.Ping();
            _pingedAt = now;
        }

        while (_pipe!.Room is > 0 and var room)
        {
            // Only what can go is taken out of its line.
            if (!bus.TryTake(room, out var piece))
            {
                if (!client.InLine.TryTake(now, out var frame))
                    return;
                bus.SayInLine(frame);
                continue;
            }

            _pipe.Add(piece);
            _saidAt = now;
        }
    }

    private void Drop(BusClient bus)
    {
        _pipe?.Dispose();
        (_pipe, _isTaken) = (null, false);
        if (!_isCarrying)
            return;
        _isCarrying = false;
        bus.Disconnect();
    }

    private void Note(Uri web, BusClient bus)
    {
        if (bus.State != ClientState.Ready || _race.Carrier is not { } carrier || carrier == _noted)
            return;
        _noted = carrier;
        AccessMemory.Note(web, carrier);
    }
}
