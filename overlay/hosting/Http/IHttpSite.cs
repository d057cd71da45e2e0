namespace WeCan.Hosting.Http;

/// <summary>What a server serves: the answers, and the words for what never becomes a question.</summary>
internal interface IHttpSite
{
    /// <summary>Connections at a time; one more is refused.</summary>
    int Connections { get; }

    /// <summary>The longest body of a question; a longer one is refused.</summary>
    int BodyBytes { get; }

    /// <summary>Answers; a failure is answered with 500. The token ends the wait for it.</summary>
    Task<HttpAnswer> AnswerAsync(HttpQuestion question, CancellationToken cancellation);

    /// <summary>What the server itself refuses, in a sentence for people.</summary>
    HttpAnswer Refuse(int status, string sentence);
}
