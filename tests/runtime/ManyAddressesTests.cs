using System.Net;
using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Tests;

/// <summary>One socket on all of a machine's addresses: a member is called at several of them, and answers from the one it was called at.</summary>
public sealed class ManyAddressesTests
{
    /// <summary>An address of no machine, which most have no way to: the call goes on without it.</summary>
    private static readonly NetAddress Nowhere = new(0x2001_0DB8_0000_0000, 1, 4_600);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("127.3.2.1")]
    [InlineData("::1")]
    public async Task ALinkStandsAndCarriesWhereItWasCalled(string called)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a socket which address was written to, and has all of 127.0.0.0/8.");
        var address = IPAddress.Parse(called);
        Assert.SkipUnless(CanBind(address), $"This machine has no {called}.");
        const int Messages = 50;
        var received = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var answers = new TestNode(2, new() { Message = (Node _, MonoTime _, in ReceivedMessage _) => Count() }, bind: IPAddress.IPv6Any);
        using var calls = new TestNode(1, new(), bind: IPAddress.IPv6Any);
        var at = NetAddress.FromEndPoint(new(address, answers.Driver.LocalAddress.Port));
        await answers.AddAsync(calls);
        await calls.AddAsync(answers, Nowhere, at);
        await Task.WhenAll(calls.Host.LinkUp.Task, answers.Host.LinkUp.Task).WaitAsync(TestNode.Bound);
        await calls.AskAsync((node, now) =>
        {
            node.SetLinkUse(now, answers.Id, LinkUse.InUse);
            Assert.Equal(OpenResult.Opened, node.OpenStream(answers.Id, ServiceClass.Signal, 0, out var flow));
            for (var i = 0; i < Messages; i++)
                Assert.Equal(SendResult.Accepted, node.Send(now, flow, [1, 2, 3], out _));
            return true;
        });
        await all.Task.WaitAsync(TestNode.Bound);
        Assert.Equal(at, await calls.AskAsync((node, _) => Assert.Single(node.InspectLinks()).Address));
        Assert.Equal(at.IsIPv4, await answers.AskAsync((node, _) => Assert.Single(node.InspectLinks()).Address.IsIPv4));

        void Count()
        {
            if (++received == Messages)
                all.SetResult();
        }
    }

    private static bool CanBind(IPAddress address)
    {
        try
        {
            using var socket = OverlaySocket.Open(new(address, 0));
            return true;
        }
        catch (RuntimeStartException)
        {
            return false;
        }
    }
}
