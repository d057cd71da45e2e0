using WeCan.Fuzz.Tests.Fuzzing;

namespace WeCan.Fuzz.Tests;

/// <summary>
/// The committed corpus. To make it anew, run with WECAN_FUZZ_CORPUS naming the folder tests/fuzz/corpus; inputs that once failed have names
/// of their own and stay.
/// </summary>
public sealed class CorpusTests
{
    [Fact]
    public void EveryTargetHasACorpusOfSmallFiles()
    {
        var root = Environment.GetEnvironmentVariable("WECAN_FUZZ_CORPUS");
        foreach (var target in FuzzTests.Targets())
        {
            using (target)
            {
                if (!string.IsNullOrEmpty(root))
                {
                    foreach (var (name, bytes) in target.MakeCorpus())
                        Corpus.Save(root, target.Name, name, bytes);
                    continue;
                }

                var corpus = Corpus.Load(target.Name);
                Assert.NotEmpty(corpus);
                Assert.All(corpus, file => Assert.InRange(file.Bytes.Length, 0, 4_096));
            }
        }
    }
}
