using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Service;
using WeCan.Controller.Tests.Service;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Tests.Authority;

/// <summary>New keys for the authority: nodes go over to them by themselves, and a crash at any point of the change leaves one authority.</summary>
public sealed class RotationTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _time = new(Bound);

    public RotationTests() => NetworkInit.Run(Folder, "test-net", "c1", DateTimeOffset.UtcNow);

    private DataFolder Folder => new(_folder.File("net"));

    public void Dispose()
    {
        _time.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_node_of_the_old_authority_connects_is_told_of_the_new_one_and_outlives_the_old_by_renewing()
    {
        using var node = new TestNode();
        await using (var service = await StartAsync())
            Assert.Null(await node.EnrolAsync(await TokenAsync(), service.Address, _time.Token));
        var before = Fingerprint();
        AuthorityRotation.Rotate(Folder, TimeProvider.System);
        Assert.NotEqual(before, Fingerprint());

        await using (var service = await StartAsync())
        {
            await node.ServeAsync(service.Address, served => served.Replica!.Members.Count == 1, _time.Token);
            Assert.Equal(2, node.Welcome!.Authorities.Count);
            Assert.Equal(Fingerprint(), FingerprintOf(node.Welcome.Authorities[0]));
            Assert.Contains("renewed    0 of 1", await AskAsync("authority show"), StringComparison.Ordinal);
        }

        Assert.Contains("(1)", Assert.Throws<DaemonException>(() => AuthorityRotation.Retire(Folder, isForced: false, TimeProvider.System)).Message, StringComparison.Ordinal);
        await using (var service = await StartAsync())
        {
            await node.RenewAsync(service.Address, _time.Token);
            Assert.Contains("renewed    1 of 1", await AskAsync("authority show"), StringComparison.Ordinal);
        }

        Assert.Equal(1, AuthorityRotation.Retire(Folder, isForced: false, TimeProvider.System));
        await using var last = await StartAsync();
        await node.ServeAsync(last.Address, served => served.Welcome!.Authorities.Count == 1, _time.Token);
    }

    [Fact]
    public async Task While_it_is_rotated_a_new_node_comes_in_and_gets_a_certificate_of_the_new_authority()
    {
        AuthorityRotation.Rotate(Folder, TimeProvider.System);
        await using var service = await StartAsync();
        using var node = new TestNode();
        Assert.Null(await node.EnrolAsync(await TokenAsync(), service.Address, _time.Token));
        Assert.Equal(Fingerprint(), FingerprintOf(node.Answer!.Chain[1]));
        Assert.Equal(3, node.Answer.Chain.Count);
        await node.ServeAsync(service.Address, served => served.Replica!.Members.Count == 1, _time.Token);
        Assert.Contains("renewed    1 of 1", await AskAsync("authority show"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_replacement_nobody_of_before_is_taken_until_enrolled_anew_and_then_it_is_who_it_was()
    {
        using var node = new TestNode();
        await using (var service = await StartAsync())
            Assert.Null(await node.EnrolAsync(await TokenAsync(), service.Address, _time.Token));
        var number = node.Answer!.Number;
        Assert.Equal(1, AuthorityRotation.Replace(Folder, TimeProvider.System));

        await using var replaced = await StartAsync();
        await Assert.ThrowsAnyAsync<System.Net.WebSockets.WebSocketException>(() => node.ServeAsync(replaced.Address, _ => true, _time.Token));
        Assert.Null(await node.EnrolAsync(await TokenAsync(), replaced.Address, _time.Token));
        Assert.Equal(number, node.Answer.Number);
        await node.ServeAsync(replaced.Address, served => served.Replica!.Members.Count == 1, _time.Token);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void A_rotation_that_a_crash_cut_off_did_not_happen_or_is_finished(int step, bool happened)
    {
        var before = Fingerprint();
        Directory.CreateDirectory(_folder.File("rotated"));
        var rotated = new DataFolder(_folder.File("rotated"));
        foreach (var file in Directory.GetFiles(Folder.Path))
            File.Copy(file, Path.Combine(rotated.Path, Path.GetFileName(file)));
        AuthorityRotation.Rotate(rotated, TimeProvider.System);

        // The files as they are on the disk after each step: the key beside, the certificate beside, the outgoing one, the key in place.
        File.Copy(rotated.AuthorityKey, step < 3 ? Folder.NextAuthorityKey : Folder.AuthorityKey, overwrite: true);
        if (step >= 1)
            File.Copy(rotated.AuthorityCertificate, Folder.NextAuthorityCertificate);
        if (step >= 2)
            File.Copy(rotated.OutgoingCertificate, Folder.OutgoingCertificate);

        using var authority = NetworkAuthority.Open(Folder, TimeProvider.System);
        Assert.Equal(happened, authority.SigningFingerprint != before);
        Assert.Equal(happened, authority.IsRotating);
        Assert.False(File.Exists(Folder.NextAuthorityKey) || File.Exists(Folder.NextAuthorityCertificate));
        Assert.True(authority.Verifier(TimeProvider.System).Verify(authority.Own).IsTrusted);
    }

    [Fact]
    public async Task What_cannot_be_done_is_told_in_a_sentence()
    {
        Assert.Contains("no outgoing authority", Assert.Throws<DaemonException>(() => AuthorityRotation.Retire(Folder, isForced: true, TimeProvider.System)).Message, StringComparison.Ordinal);
        AuthorityRotation.Rotate(Folder, TimeProvider.System);
        Assert.Contains("under way already", Assert.Throws<DaemonException>(() => AuthorityRotation.Rotate(Folder, TimeProvider.System)).Message, StringComparison.Ordinal);
        await using var service = await StartAsync();
        Assert.Contains("The controller runs: stop it", Assert.Throws<DaemonException>(() => AuthorityRotation.Replace(Folder, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    private Contracts.Control.Fingerprint Fingerprint()
    {
        using var authority = Folder.LoadAuthority();
        return FingerprintOf(authority.Certificate.RawData);
    }

    private static Contracts.Control.Fingerprint FingerprintOf(byte[] certificate) => Contracts.Control.Fingerprint.Of(certificate);

    private Task<ControllerService> StartAsync() =>
        ControllerService.StartAsync(
            new() { Data = Folder.Path, Listen = new(IPAddress.Loopback, 0), Id = "c1", Controllers = [] },
            TimeProvider.System, NullLoggerFactory.Instance, null, failure => Assert.Fail(failure.ToString()), _time.Token);

    private Task<string> TokenAsync() => AskAsync("token create", ("role", "relay"));

    private async Task<string> AskAsync(string command, params (string Name, string Value)[] arguments)
    {
        var answer = await AdminClient.RunAsync(Folder, new(command, arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal)), _time.Token);
        Assert.True(answer.IsDone, answer.Text);
        return answer.Text;
    }
}
