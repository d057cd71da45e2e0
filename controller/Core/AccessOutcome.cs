namespace WeCan.Controller.Core;

/// <summary>What became of a change of the access to the bus.</summary>
/// <param name="Refusal">Why nothing was changed, as a sentence; null where it was, or is so already.</param>
/// <param name="Done">What was done, each as the audit log has it; empty where all was so already.</param>
internal sealed record AccessOutcome(string? Refusal, IReadOnlyList<string> Done)
{
    public static AccessOutcome Refused(string sentence) => new(sentence, []);
}
