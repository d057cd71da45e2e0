using System.Diagnostics;
using WeCan.Hosting.Daemon;

namespace WeCan.Integration.Tests.Control;

/// <summary>Nodes' enrolment and control clients against a controller, over real sockets and disks; the clocks are the test's.</summary>
public sealed class ControlClientTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wecan-");
    private readonly ShiftedTime _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_hundred_nodes_that_enrol_at_once_all_know_each_other_within_fifteen_seconds()
    {
        const int Count = 100;
        await using var controller = await TestController.MakeAsync(In("c"));
        var token = await controller.TokenAsync(Count);
        var nodes = Enumerable.Range(1, Count).Select(number => new ControlNode(In($"n{number}"), _time)).ToList();

        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(nodes.Select(async node =>
        {
            await node.EnrolAsync(token, controller.Address.ToString());
            node.Start();
            await node.Until(standing => standing.Replica!.Members.Count == Count);
        }));
        var took = Stopwatch.GetElapsedTime(start);

        TestContext.Current.SendDiagnosticMessage($"{Count} nodes stood after {took.TotalSeconds:0.0} s.");
        Assert.InRange(took, TimeSpan.Zero, Machine.Allows(TimeSpan.FromSeconds(15)));
        Assert.Equal(Count, nodes.Select(node => node.Record!.Number).Distinct().Count());
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task A_node_whose_answer_was_lost_asks_again_with_the_same_keys_and_is_the_same()
    {
        await using var controller = await TestController.MakeAsync(In("c"));
        var token = await controller.TokenAsync();
        await using var node = new ControlNode(In("n"), _time);
        await node.EnrolAsync(token, controller.Address.ToString());
        var number = node.Record!.Number;
        File.Delete(In("n/node.json"));
        File.Delete(In("n/tls.pem"));

        await node.EnrolAsync(token, controller.Address.ToString());

        Assert.Equal(number, node.Record!.Number);
        node.Start();
        await node.Until(standing => standing.Replica!.Members.Count == 1);
    }

    [Fact]
    public async Task A_token_that_has_ended_is_told_in_a_sentence()
    {
        await using var controller = await TestController.MakeAsync(In("c"));
        var token = await controller.TokenAsync();
        controller.Time.Shift = TimeSpan.FromHours(2);
        await using var node = new ControlNode(In("n"), _time);

        var refused = await Assert.ThrowsAsync<DaemonException>(() => node.EnrolAsync(token, controller.Address.ToString()));

        Assert.Contains("ended at", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Config, refused.ExitCode);
    }

    [Theory]
    [InlineData(-5, "behind")]
    [InlineData(30, "ahead of")]
    [InlineData(-24 * 400, "behind")]
    public async Task A_clock_that_is_off_is_told_once_and_the_controller_s_counts(int hours, string direction)
    {
        await using var controller = await TestController.MakeAsync(In("c"));
        _time.Shift = TimeSpan.FromHours(hours);
        await using (var node = new ControlNode(In("n"), _time))
        {
            await node.EnrolAsync(await controller.TokenAsync(), controller.Address.ToString());
            node.Start();
            await node.Until(standing => standing.Client!.Status.IsConnected && standing.Replica!.Find(standing.Record!.Number) is not null);

            Assert.Contains($"{direction} the controller's", node.Log.Text, StringComparison.Ordinal);
            Assert.InRange(node.Clock!.Now - controller.Time.GetUtcNow(), TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(5));
        }

        // What was learnt of the clock is there at the next start, before any controller is.
        await controller.StopAsync();
        await using var again = new ControlNode(In("n"), _time);
        again.Start();
        Assert.InRange(again.Clock!.Now - controller.Time.GetUtcNow(), TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_certificate_is_renewed_when_two_thirds_of_its_life_are_over()
    {
        await using var controller = await TestController.MakeAsync(In("c"));
        await using var node = new ControlNode(In("n"), _time);
        await node.EnrolAsync(await controller.TokenAsync(), controller.Address.ToString());
        node.Start();
        await node.Until(standing => standing.Client!.Status.IsConnected);
        var end = node.Client!.CertificateEnd;
        await controller.StopAsync();

        controller.Time.Shift = TimeSpan.FromDays(21);
        await controller.StartAsync();
        await node.Until(standing => standing.Client!.CertificateEnd > end);
        await node.StopAsync();

        // The newest one is shown by the next life.
        node.Start();
        await node.Until(standing => standing.Client!.Status.IsConnected);
        Assert.True(node.Client!.CertificateEnd > end);
    }

    [Fact]
    public async Task A_node_that_was_away_for_too_long_says_so_and_a_new_token_lets_it_in_as_who_it_was()
    {
        await using var controller = await TestController.MakeAsync(In("c"));
        await using var node = new ControlNode(In("n"), _time);
        await node.EnrolAsync(await controller.TokenAsync(), controller.Address.ToString());
        var number = node.Record!.Number;
        controller.Time.Shift = TimeSpan.FromDays(30) + TimeSpan.FromMinutes(2);
        node.Start();
        await node.Until(waiting => waiting.Client!.Status.Trouble.Contains("does not take this node's certificate", StringComparison.Ordinal));
        await node.StopAsync();

        await node.EnrolAsync(await controller.TokenAsync(), controller.Address.ToString());
        Assert.Equal(number, node.Record!.Number);
        node.Start();
        await node.Until(standing => standing.Client!.Status.IsConnected);
    }

    [Fact]
    public async Task Controllers_are_asked_in_turn_and_a_foreign_one_is_passed_over()
    {
        await using var controller = await TestController.MakeAsync(In("c"));
        await using var foreign = await TestController.MakeAsync(In("f"));
        await using var node = new ControlNode(In("n"), _time);
        await node.EnrolAsync(await controller.TokenAsync(), "127.0.0.1:1", controller.Address.ToString());

        node.Start("127.0.0.1:1", foreign.Address.ToString(), controller.Address.ToString());
        await node.Until(standing => standing.Client!.Status.IsConnected);
        Assert.Equal(controller.Address.ToString(), node.Client!.Status.Controller);

        await controller.StopAsync();
        await node.Until(waiting => waiting.Client!.Status.Trouble.Contains("it is signed by another authority than ours", StringComparison.Ordinal));
        await controller.StartAsync();
        await node.Until(standing => standing.Client!.Status.IsConnected);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
