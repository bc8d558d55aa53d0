using Symbolon.Core.Policy;
using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Authentication;

/// <summary>
/// Where one token stands on one server, true until the configuration or the revocations change, or a grant ends.
/// </summary>
/// <param name="Configured">Number of the configuration change that it was made from.</param>
/// <param name="Epochs">Version of the revocations that it was made from.</param>
internal abstract record Standing(long Configured, long Epochs)
{
    /// <summary>The token is no longer taken, here or anywhere.</summary>
    public sealed record Dead(long Configured, long Epochs, ReasonCode Code) : Standing(Configured, Epochs);

    /// <summary>For this caller there is no such server: unknown, pending, outside the token, or without any live grant.</summary>
    public sealed record Nowhere(long Configured, long Epochs) : Standing(Configured, Epochs);

    public sealed record Known(long Configured, long Epochs, ServerObject Server, ServerReach Reach) : Standing(Configured, Epochs);
}
