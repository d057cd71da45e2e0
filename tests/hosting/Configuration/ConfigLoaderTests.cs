using WeCan.Hosting.Configuration;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Configuration;

public sealed class ConfigLoaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Flags_win_over_the_environment_and_that_over_the_file()
    {
        const string File = """{ "listen": "[::1]:1", "drain_time": "1s", "name": "file" }""";

        Assert.Equal("file", Load(File).Options.Name);
        Assert.Equal("variable", Load(File, [("WECAN_NAME", "variable")]).Options.Name);
        Assert.Equal("flag", Load(File, [("WECAN_NAME", "variable")], [("name", "flag")]).Options.Name);
        Assert.Equal(TimeSpan.FromSeconds(1), Load(File, [("WECAN_NAME", "variable")]).Options.Drain);
    }

    [Fact]
    public void Every_sort_of_key_is_read_from_a_file_with_comments_and_trailing_commas()
    {
        var options = Load("""
            // The whole of it.
            {
              "listen": "[::1]:7000",
              "name": null, /* as if not there */
              "drain_time": "1m",
              "buffer": "64KiB",
              "dev": true,
              "token": "sesame",
              "controllers": ["a.example:1", "b.example:2",],
              "store": { "path": "/tmp/x", "pages": 32, },
              "tunnels": [{ "listen": "127.0.0.1:1", "to": 7 }],
            }
            """).Options;

        Assert.Equal("[::1]:7000", options.Listen.ToString());
        Assert.Null(options.Name);
        Assert.Equal(TimeSpan.FromMinutes(1), options.Drain);
        Assert.Equal(65_536, options.Buffer);
        Assert.True(options.Dev);
        Assert.Equal("sesame", options.Token?.Reveal());
        Assert.Equal(["a.example", "b.example"], options.Controllers.Select(host => host.Host).ToList());
        Assert.Equal(("/tmp/x", 32), (options.StorePath, options.StorePages));
        Assert.Equal(7, Assert.Single(options.Tunnels).To);
    }

    [Fact]
    public void The_environment_nests_by_two_underscores_and_lists_by_commas_or_numbers()
    {
        var options = Load(
            """{ "listen": "[::1]:1", "store": { "pages": 2, "path": "/tmp/file" } }""",
            [("WECAN_STORE__PAGES", "3"), ("WECAN_CONTROLLERS", "a.example:1, b.example:2"), ("WECAN_TUNNELS__0__LISTEN", "127.0.0.1:9"), ("WECAN_TUNNELS__0__TO", "5")]).Options;

        Assert.Equal((3, "/tmp/file"), (options.StorePages, options.StorePath));
        Assert.Equal(2, options.Controllers.Count);
        Assert.Equal(5, Assert.Single(options.Tunnels).To);
    }

    [Theory]
    [InlineData("""{ "listen": "[::1]:1",""" + "\n" + """ "drain_time": 10 }""", ":2: \"drain_time\" is \"10\": a duration needs a unit, write \"10s\" or \"10ms\".")]
    [InlineData("""{ "listen": "[::1]:1", "drain_time": "2h" }""", ":1: \"drain_time\" is \"2h\": it is out of bounds, write something between 100ms and 1m.")]
    [InlineData("""{ "listen": "[::1]:1", "store": { "pages": "many" } }""", ":1: \"store.pages\" is \"many\": it is no whole number")]
    [InlineData("""{ "listen": "[::1]:1", "store": 5 }""", "\"store\" is \"5\": write an object")]
    [InlineData("""{ "listen": { "port": 1 } }""", "\"listen\" is an object: write an address with a port, as in \"[::1]:7000\".")]
    [InlineData("""{ "listen": "[::1]:1", "controllers": "a.example:1" }""", "\"controllers\" is \"a.example:1\": write a list")]
    [InlineData("""{ "listen": "[::1]:1", "controllers": ["a.example:1", "b"] }""", "\"controllers[1]\" is \"b\": the port is missing")]
    [InlineData("""{ "listen": "[::1]:1", "tunnels": [{ "listen": "[::1]:2", "to": 13 }] }""", "\"tunnels[0].to\" is 13, which brings bad luck")]
    [InlineData("""{ "listen": "[::1]:1", "tunnels": [{ "listen": "[::1]:2" }] }""", "\"tunnels[0].to\" is missing")]
    [InlineData("""{ "name": "x" }""", "\"listen\" is missing: write \"listen\": \"[::1]:7000\" in the configuration file, set WECAN_LISTEN, or give --listen.")]
    [InlineData("""{ "listen": "[::1]:1",""" + "\n\n" + """ "lisen": "x" }""", ":3: \"lisen\" is no key that wecan-test has: did you mean \"listen\"?")]
    [InlineData("""{ "listen": "[::1]:1", "pages": 3 }""", "\"pages\" is no key that wecan-test has: did you mean \"store.pages\"?")]
    [InlineData("""{ "listen": "[::1]:1", "store": { "pathh": "/x" } }""", "\"store.pathh\" is no key that wecan-test has: did you mean \"store.path\"?")]
    [InlineData("""{ "listen": "[::1]:1", "store": { "colour": 1 } }""", "remove it, the keys here are pages, path.")]
    [InlineData("""{ "listen": "[::1]:1", "listen": "[::1]:2" }""", ":1: \"listen\" stands here for the second time")]
    [InlineData("""{ "listen": "[::1]:1", "drain-time": "1s" }""", "did you mean \"drain_time\"?")]
    [InlineData("{ \"listen\": \"[::1]:1\"\n\n \"name\": 1 }", ":3: this is no JSON")]
    [InlineData("[]", "the file holds a list: write an object")]
    public void What_is_wrong_is_told_with_its_place_and_what_to_write(string file, string says)
    {
        var problem = Assert.Single(Assert.Throws<ConfigException>(() => Load(file)).Problems);

        Assert.Contains(says, problem.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WECAN_DRAIN_TIME", "10", "WECAN_DRAIN_TIME is \"10\": a duration needs a unit")]
    [InlineData("WECAN_LISEN", "x", "WECAN_LISEN sets no key that wecan-test has: did you mean WECAN_LISTEN?")]
    [InlineData("WECAN_STORE__PAGE", "1", "WECAN_STORE__PAGE sets no key that wecan-test has: did you mean WECAN_STORE__PAGES?")]
    public void A_variable_is_told_by_its_name(string name, string value, string says) =>
        Assert.Contains(says, Assert.Throws<ConfigException>(() => Load("""{ "listen": "[::1]:1" }""", [(name, value)])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_variable_that_resembles_nothing_is_only_a_warning() =>
        Assert.Contains("WECAN_RELAY_PORT_7000_TCP", Assert.Single(Load("""{ "listen": "[::1]:1" }""", [("WECAN_RELAY_PORT_7000_TCP", "tcp://10.0.0.1")]).Warnings), StringComparison.Ordinal);

    [Fact]
    public void Variables_of_the_program_wecan_are_no_daemon_s_business() =>
        Assert.Empty(Load("""{ "listen": "[::1]:1" }""", [("WECAN_API", "https://c1:4701"), ("WECAN_CA", "/ca.pem")]).Warnings);

    [Fact]
    public void A_flag_is_told_by_its_name() =>
        Assert.Contains("--drain-time is \"10\": a duration", Assert.Throws<ConfigException>(() => Load("""{ "listen": "[::1]:1" }""", [], [("drain_time", "10")])).Message, StringComparison.Ordinal);

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(4, Assert.Throws<ConfigException>(() => Load("""{ "listen": "x", "drain_time": "x", "buffer": "x", "colour": "x" }""")).Problems.Count);

    [Fact]
    public void A_missing_file_matters_only_if_it_was_asked_for()
    {
        var loader = Loader();
        var inputs = new ConfigInputs(_folder.File("none.json"), FileMustExist: false) { Flags = [new("listen", "[::1]:1")] };

        Assert.False(loader.Load(inputs).HasFile);
        Assert.Contains("there is no such file", Assert.Throws<ConfigException>(() => loader.Load(inputs with { FileMustExist = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_comments_only_leaves_all_at_the_defaults() =>
        Assert.Equal(TimeSpan.FromSeconds(10), Load("// nothing here\n\n", [], [("listen", "[::1]:1")]).Options.Drain);

    [Fact]
    public void A_secret_comes_from_a_file_of_its_own()
    {
        var secret = _folder.Write("token", "sesame\n");

        Assert.Equal("sesame", Load($$"""{ "listen": "[::1]:1", "token_file": "{{secret}}" }""").Options.Token?.Reveal());
        Assert.Contains("cannot be read", Assert.Throws<ConfigException>(() => Load($$"""{ "listen": "[::1]:1", "token_file": "{{secret}}x" }""")).Message, StringComparison.Ordinal);
        Assert.Contains("remove one of the two", Assert.Throws<ConfigException>(() => Load($$"""{ "listen": "[::1]:1", "token": "a", "token_file": "{{secret}}" }""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_make_it_throw_anything_but_its_problems()
    {
        var random = new Random(3);
        var seed = System.Text.Encoding.UTF8.GetBytes("""{ "listen": "[::1]:7000", "tunnels": [{ "to": 1.5e3, }], // x""" + "\n" + """ "store": { "pages": null } }""");
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = seed.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var problems = new List<ConfigProblem>();
            if (JsonConfigFile.Parse("x.json", bytes.AsSpan(0, random.Next(bytes.Length + 1)), problems) is null)
                Assert.NotEmpty(problems);
        }
    }

    private LoadedConfig<TestOptions> Load(string file, (string Name, string Value)[]? variables = null, (string Path, string Value)[]? flags = null) =>
        Loader().Load(new ConfigInputs(_folder.Write("test.json", file), FileMustExist: true)
        {
            Variables = [.. (variables ?? []).Select(variable => KeyValuePair.Create(variable.Name, variable.Value))],
            Flags = [.. (flags ?? []).Select(flag => KeyValuePair.Create(flag.Path, flag.Value))],
        });

    private static ConfigLoader<TestOptions> Loader() => new("wecan-test", TestOptions.Read);
}
