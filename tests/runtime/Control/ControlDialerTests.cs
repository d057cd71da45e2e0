using WeCan.Runtime.Control;

namespace WeCan.Runtime.Tests.Control;

/// <summary>Which of two ways to a controller is taken, on a clock that stands until the test moves it.</summary>
public sealed class ControlDialerTests
{
    private const string Controller = "c1.example.org:4700";

    private readonly StepTime _time = new();
    private readonly Attempt _quic = new();
    private readonly Attempt _webSocket = new();
    private readonly ControlDialer _dialer;

    public ControlDialerTests() => _dialer = new(_quic.RunAsync, _webSocket.RunAsync, _time);

    private static CancellationToken Never => CancellationToken.None;

    [Fact]
    public async Task QUIC_that_connects_within_its_head_start_is_alone()
    {
        var dialling = _dialer.ConnectAsync(Controller, Never);
        var stream = _quic.Succeed();
        Assert.Equal(new ControlConnection(stream, ControlTransport.Quic), await dialling);
        Assert.Equal(0, _webSocket.Count);
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task A_failure_of_QUIC_ends_the_head_start_and_is_remembered()
    {
        var dialling = _dialer.ConnectAsync(Controller, Never);
        _quic.Fail("no answer");
        await _webSocket.Begun;
        var stream = _webSocket.Succeed();
        Assert.Equal(new ControlConnection(stream, ControlTransport.WebSocket), await dialling);

        var again = _dialer.ConnectAsync(Controller, Never);
        Assert.Equal(new ControlConnection(_webSocket.Succeed(), ControlTransport.WebSocket), await again);
        Assert.Equal(1, _quic.Count);
        _ = _dialer.ConnectAsync("another.example.org:4700", Never);
        Assert.Equal(2, _quic.Count);
    }

    [Fact]
    public async Task QUIC_that_is_swallowed_costs_its_head_start_once_an_hour()
    {
        var dialling = _dialer.ConnectAsync(Controller, Never);
        _time.Advance(ControlClientLimits.QuicHeadStart - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _webSocket.Count);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _webSocket.Begun;
        var stream = _webSocket.Succeed();
        Assert.Equal(new ControlConnection(stream, ControlTransport.WebSocket), await dialling);
        _quic.Fail("no answer within 5 s");
        _time.Advance(ControlClientLimits.WithoutQuic - TimeSpan.FromMilliseconds(1));
        _ = _dialer.ConnectAsync(Controller, Never);
        Assert.Equal(1, _quic.Count);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _ = _dialer.ConnectAsync(Controller, Never);
        Assert.Equal(2, _quic.Count);
    }

    [Fact]
    public async Task A_QUIC_that_connects_when_it_has_lost_is_closed_and_not_held_against_it()
    {
        var dialling = _dialer.ConnectAsync(Controller, Never);
        _time.Advance(ControlClientLimits.QuicHeadStart);
        await _webSocket.Begun;
        var stream = _webSocket.Succeed();
        Assert.Equal(new ControlConnection(stream, ControlTransport.WebSocket), await dialling);
        var late = _quic.Succeed();
        await _quic.ClosedAsync(late);
        Assert.True(stream.CanRead);

        _ = _dialer.ConnectAsync(Controller, Never);
        Assert.Equal(2, _quic.Count);
    }

    [Fact]
    public async Task A_slow_QUIC_still_wins_where_it_connects_first_or_alone()
    {
        var first = _dialer.ConnectAsync(Controller, Never);
        _time.Advance(ControlClientLimits.QuicHeadStart);
        await _webSocket.Begun;
        Assert.Equal(new ControlConnection(_quic.Succeed(), ControlTransport.Quic), await first);
        Assert.True(_webSocket.IsCancelled);

        var alone = _dialer.ConnectAsync(Controller, Never);
        _time.Advance(ControlClientLimits.QuicHeadStart);
        await _webSocket.Begun;
        _webSocket.Fail("refused");
        Assert.Equal(new ControlConnection(_quic.Succeed(), ControlTransport.Quic), await alone);
        Assert.Equal(2, _quic.Count);
    }

    [Fact]
    public async Task Where_both_fail_the_WebSockets_reason_is_told_and_nothing_is_remembered()
    {
        var dialling = _dialer.ConnectAsync(Controller, Never);
        _quic.Fail("no answer by QUIC");
        await _webSocket.Begun;
        _webSocket.Fail("connection refused");
        Assert.Equal("connection refused", (await Assert.ThrowsAsync<ControlRefusedException>(() => dialling)).Message);
        _ = _dialer.ConnectAsync(Controller, Never);
        Assert.Equal(2, _quic.Count);
    }

    [Fact]
    public async Task A_connection_that_brought_no_word_is_not_made_again()
    {
        var dialling = _dialer.ConnectAsync(Controller, Never);
        _quic.Succeed();
        await dialling;
        _dialer.LeaveOut(Controller);
        _ = _dialer.ConnectAsync(Controller, Never);
        Assert.Equal(1, _quic.Count);
        Assert.Equal(1, _webSocket.Count);
    }

    [Fact]
    public async Task Who_is_stopped_during_the_head_start_begins_nothing_more()
    {
        using var stop = new CancellationTokenSource();
        var dialling = _dialer.ConnectAsync(Controller, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dialling);
        Assert.Equal(0, _webSocket.Count);
        Assert.True(_quic.IsCancelled);
    }

    [Fact]
    public async Task A_machine_without_QUIC_waits_for_nothing()
    {
        var dialling = new ControlDialer(null, _webSocket.RunAsync, _time).ConnectAsync(Controller, Never);
        Assert.Equal(new ControlConnection(_webSocket.Succeed(), ControlTransport.WebSocket), await dialling);
    }

    /// <summary>A way to a controller that does what the test says. Of several attempts it is the newest that is meant.</summary>
    private sealed class Attempt
    {
        private TaskCompletionSource<Stream> _outcome = new();
        private TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private CancellationToken _cancellation;

        public int Count { get; private set; }

        /// <summary>Ends when an attempt is made that was not yet waited for.</summary>
        public Task Begun => _begun.Task.ContinueWith(_ => _begun = new(TaskCreationOptions.RunContinuationsAsynchronously), TaskScheduler.Default);

        public bool IsCancelled => _cancellation.IsCancellationRequested;

        public Task<Stream> RunAsync(string address, CancellationToken cancellation)
        {
            Count++;
            _cancellation = cancellation;
            _outcome = new();
            _begun.TrySetResult();
            return _outcome.Task;
        }

        public Stream Succeed()
        {
            var stream = new TellingStream();
            _outcome.SetResult(stream);
            return stream;
        }

        public void Fail(string why) => _outcome.SetException(new ControlRefusedException(why));

        public Task ClosedAsync(Stream stream) => ((TellingStream)stream).Closed.Task;
    }

    private sealed class TellingStream : MemoryStream
    {
        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            Closed.TrySetResult();
        }
    }
}
