namespace WeCan.Architecture.Tests.Logging;

public sealed class LogEventTests
{
    [Fact]
    public void Every_log_message_has_a_number_of_its_own() =>
        Findings.AssertNone(
            LogEvents.NumberingFaults(RepositoryFiles.Sources),
            "Give each [LoggerMessage] an EventId that no other has in the whole solution, written as a number. An id that was released stays with its message.");

    [Fact]
    public void Log_messages_are_declared() =>
        Findings.AssertNone(
            LogEvents.UndeclaredCalls(RepositoryFiles.Sources),
            "Declare the message as a partial method with [LoggerMessage(EventId = …)] in the component's log class, and call that.");

    [Theory]
    [InlineData("[LoggerMessage(EventId = 7, Level = LogLevel.Information)] void A(); [LoggerMessage(7, LogLevel.Error, \"x\")] void B();")]
    [InlineData("[LoggerMessage(Level = LogLevel.Information, EventId = 7)] void A(); [LoggerMessageAttribute(eventId: 7, LogLevel.Error, \"x\")] void B();")]
    [InlineData("[LoggerMessage(LogLevel.Information, \"x\")] void A();")]
    [InlineData("[LoggerMessage(Level = LogLevel.Information)] void A();")]
    [InlineData("[LoggerMessage] void A();")]
    [InlineData("[LoggerMessage(EventId = Base + 1)] void A();")]
    public void Sees_a_fault_in_the_numbers(string members) => Assert.Single(LogEvents.NumberingFaults([InClass("relay/A.cs", members)]));

    [Fact]
    public void Sees_one_number_in_two_projects() =>
        Assert.Single(LogEvents.NumberingFaults([InClass("relay/A.cs", "[LoggerMessage(EventId = 7)] void A();"), InClass("edge/A.cs", "[LoggerMessage(EventId = 7)] void A();")]));

    [Fact]
    public void Is_content_with_numbers_that_differ() =>
        Assert.Empty(LogEvents.NumberingFaults([InClass("relay/A.cs", "[LoggerMessage(EventId = 7)] void A(); [LoggerMessage(8, LogLevel.Error, \"x\")] void B();")]));

    [Theory]
    [InlineData("relay/A.cs", "void A() => logger.LogInformation(\"x\");", 1)]
    [InlineData("relay/A.cs", "void A() => logger.Log(LogLevel.Error, \"x\");", 1)]
    [InlineData("relay/A.cs", "void A() => Math.Log(2);", 0)]
    [InlineData("tests/relay/A.cs", "void A() => logger.LogInformation(\"x\");", 0)]
    public void Sees_undeclared_calls(string path, string member, int findings) => Assert.Equal(findings, LogEvents.UndeclaredCalls([InClass(path, member)]).Count());

    private static SourceFile InClass(string path, string members) => new(path, $"class A {{ {members} }}");
}
