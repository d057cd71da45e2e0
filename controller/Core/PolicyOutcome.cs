using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>What became of a policy that was to be set.</summary>
/// <param name="Before">The version that held before.</param>
/// <param name="Now">The version that holds now: the same where another than the expected one held, or where it says the same already.</param>
/// <param name="IsConflict">Another version held than was expected, and nothing was changed.</param>
internal sealed record PolicyOutcome(PolicyRow Before, PolicyRow Now, bool IsConflict)
{
    public bool IsNew => Before.Version != Now.Version;
}
