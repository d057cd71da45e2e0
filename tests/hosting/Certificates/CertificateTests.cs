using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Certificates;

public sealed class CertificateTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private readonly ManualTime _time = new(Start);
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("wecan-test", Start, TimeSpan.FromDays(3_650));
    private readonly ECDsa _key = NodeKey.Create();

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void A_node_s_certificate_proves_its_number_and_name()
    {
        using var certificate = Issue(CertificateIdentity.Node(17, "fra-1"));

        var verdict = Verifier().Verify(certificate);

        Assert.Equal(CertificateIdentity.Node(17, "fra-1"), verdict.Identity);
        Assert.Equal((ushort)17, verdict.Identity?.NodeNumber);
        Assert.Equal("wecan://node/17", verdict.Identity?.Uri.ToString());
    }

    [Fact]
    public void A_controller_is_no_node()
    {
        using var certificate = Issue(CertificateIdentity.Controller("eu-1"));

        Assert.Equal(("controller", "eu-1", null), (Verifier().Verify(certificate).Identity!.Role, Verifier().Verify(certificate).Identity!.Id, Verifier().Verify(certificate).Identity!.NodeNumber));
    }

    [Fact]
    public void Beyond_its_time_a_certificate_proves_nothing_and_the_sentence_names_both_times()
    {
        using var certificate = Issue(CertificateIdentity.Node(17, "fra-1"));
        var verifier = Verifier();

        _time.Advance(Month - TimeSpan.FromSeconds(1));
        Assert.True(verifier.Verify(certificate).IsTrusted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("it expired at 2026-01-31 00:00:00Z, and the clock here says 2026-01-31 00:00:01Z", verifier.Verify(certificate).Reason);
    }

    [Fact]
    public void A_clock_that_is_hours_behind_can_still_use_it_and_one_that_is_days_behind_is_told_so()
    {
        using var certificate = Issue(CertificateIdentity.Node(17, "fra-1"));

        Assert.True(new CertificateVerifier(new ManualTime(Start.AddHours(-20)), _authority.Certificate).Verify(certificate).IsTrusted);
        Assert.Contains("one of the two clocks is wrong", new CertificateVerifier(new ManualTime(Start.AddDays(-3)), _authority.Certificate).Verify(certificate).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_authority_of_the_same_name_counts_for_nothing()
    {
        using var other = CertificateAuthority.Create("wecan-test", Start, TimeSpan.FromDays(3_650));
        using var certificate = other.Issue(new PublicKey(_key), CertificateIdentity.Node(17, "fra-1"), Start, Month);

        Assert.Equal($"it is signed by another authority than ours, which is {_authority.Fingerprint}", Verifier().Verify(certificate).Reason);
    }

    [Fact]
    public void While_one_authority_replaces_another_both_count()
    {
        using var next = CertificateAuthority.Create("wecan-test", Start, TimeSpan.FromDays(3_650));
        using var byOld = Issue(CertificateIdentity.Node(17, "fra-1"));
        using var byNew = next.Issue(new PublicKey(_key), CertificateIdentity.Node(17, "fra-1"), Start, Month);
        var verifier = new CertificateVerifier(_time, _authority.Certificate, next.Certificate);

        Assert.True(verifier.Verify(byOld).IsTrusted);
        Assert.True(verifier.Verify(byNew).IsTrusted);
    }

    [Fact]
    public void Neither_the_authority_nor_a_node_s_child_nor_a_stranger_speaks_for_a_node()
    {
        using var node = Issue(CertificateIdentity.Node(17, "fra-1")).CopyWithPrivateKey(_key);
        using var childKey = NodeKey.Create();
        var child = new CertificateRequest("CN=child", childKey, HashAlgorithmName.SHA256).Create(node.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), Start, Start + Month, [1, 2, 3]);
        using var selfSigned = new CertificateRequest("CN=x", childKey, HashAlgorithmName.SHA256).CreateSelfSigned(Start.AddDays(-1), Start + Month);

        Assert.Contains("authority's", Verifier().Verify(_authority.Certificate).Reason, StringComparison.Ordinal);
        Assert.False(Verifier().Verify(child).IsTrusted);
        Assert.False(Verifier().Verify(selfSigned).IsTrusted);
        Assert.False(Verifier().Verify(null).IsTrusted);
        child.Dispose();
    }

    [Fact]
    public void A_certificate_that_was_changed_is_refused()
    {
        using var certificate = Issue(CertificateIdentity.Node(17, "fra-1"));
        var random = new Random(4);
        var trusted = 0;
        for (var i = 0; i < 300; i++)
        {
            var bytes = certificate.RawData;
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using var changed = X509CertificateLoader.LoadCertificate(bytes);
                trusted += Verifier().Verify(changed).IsTrusted ? 1 : 0;
            }
            catch (CryptographicException)
            {
                // It is no certificate any more.
            }
        }

        Assert.Equal(0, trusted);
    }

    [Fact]
    public void A_request_is_signed_for_its_key_and_for_nothing_else_that_it_asks()
    {
        var greedy = new CertificateRequest("CN=root, O=everything", _key, HashAlgorithmName.SHA256);
        greedy.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));

        using var certificate = _authority.TryIssue(greedy.CreateSigningRequestPem(), CertificateIdentity.Node(17, "fra-1"), Start, Month, out var wrong);

        Assert.Null(wrong);
        Assert.Equal("CN=fra-1", certificate!.Subject);
        Assert.False(CertificateAuthority.IsAuthority(certificate));
        Assert.True(Verifier().Verify(certificate).IsTrusted);
    }

    [Fact]
    public void A_request_that_is_not_its_key_s_or_of_another_kind_is_refused()
    {
        using var otherCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2_048);
        var forged = NodeKey.CreateRequest(_key).Split('\n');
        forged[3] = new string(forged[3].Reverse().ToArray());
        foreach (var request in new[]
        {
            NodeKey.CreateRequest(otherCurve),
            new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem(),
            string.Join('\n', forged),
            "",
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
        })
        {
            Assert.Null(_authority.TryIssue(request, CertificateIdentity.Node(17, "fra-1"), Start, Month, out var wrong));
            Assert.NotNull(wrong);
        }
    }

    [Theory]
    [InlineData(720)]
    [InlineData(1)]
    [InlineData(24)]
    public void Renewal_is_due_after_two_thirds_of_the_life(int hours)
    {
        var life = TimeSpan.FromHours(hours);
        using var certificate = _authority.Issue(new PublicKey(_key), CertificateIdentity.Node(17, "fra-1"), Start, life);

        var renewal = CertificateTimes.RenewalOf(certificate);

        Assert.InRange(renewal, Start + (life * 0.6), Start + (life * 0.68));
        Assert.False(CertificateTimes.IsDueForRenewal(certificate, Start));
        Assert.True(CertificateTimes.IsDueForRenewal(certificate, renewal));
    }

    [Fact]
    public void No_certificate_outlives_its_authority()
    {
        using var shortLived = CertificateAuthority.Create("wecan-test", Start, TimeSpan.FromDays(10));
        using var certificate = shortLived.Issue(new PublicKey(_key), CertificateIdentity.Node(17, "fra-1"), Start, Month);

        Assert.Equal(shortLived.Certificate.NotAfter, certificate.NotAfter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("CN=x, O=y")]
    [InlineData("é")]
    public void A_name_that_could_say_something_else_is_refused(string name) => Assert.Throws<ArgumentException>(() => CertificateIdentity.Node(1, name));

    [Fact]
    public void A_fingerprint_is_read_as_people_copy_it()
    {
        var printed = _authority.Fingerprint.ToString();
        var openssl = string.Join(':', printed["sha256:".Length..].ToUpperInvariant().Chunk(2).Select(pair => new string(pair)));

        Assert.True(Fingerprint.TryParse(printed, out var same) && same == _authority.Fingerprint);
        Assert.True(Fingerprint.TryParse(openssl, out var copied) && copied == _authority.Fingerprint);
        Assert.False(Fingerprint.TryParse(printed[..^1], out _));
        Assert.False(Fingerprint.TryParse(null, out _));
    }

    private X509Certificate2 Issue(CertificateIdentity identity) => _authority.TryIssue(NodeKey.CreateRequest(_key), identity, _time.GetUtcNow(), Month, out _)!;

    private CertificateVerifier Verifier() => new(_time, _authority.Certificate);
}
