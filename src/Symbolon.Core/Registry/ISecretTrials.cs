using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry;

/// <summary>Shows a server a value that it is not shown yet, by the gateway's own reading of its tools: nobody's call hangs on it.</summary>
public interface ISecretTrials
{
    /// <summary>Takes 20 seconds at most; changes nothing here, and is no reading that calls are decided on.</summary>
    /// <param name="secret">Name of the stored secret whose next value it is.</param>
    Task<SecretTrial> TryAsync(OrganisationId organisation, ServerName server, string secret, string value, CancellationToken cancellation);
}

public enum TrialOutcome
{
    /// <summary>The server listed its tools.</summary>
    Works,

    /// <summary>It refused, or did not answer.</summary>
    Failed,

    /// <summary>It serves nobody now, so nothing is sent to it.</summary>
    NotTried,
}

/// <param name="Text">For people; never a word of the server's own, nor the value.</param>
public sealed record SecretTrial(ServerName Server, TrialOutcome Outcome, string Text);
