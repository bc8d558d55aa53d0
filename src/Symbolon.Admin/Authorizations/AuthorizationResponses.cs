namespace Symbolon.Admin.Authorizations;

/// <summary>What a person let a client call on one server: one consent, and all that came of it.</summary>
/// <param name="State"><c>live</c>, or <c>ended</c> where it, or anything that it hangs on, was revoked.</param>
/// <param name="Agent">Who acts beside the person, where the client is an agent; likewise <paramref name="Workflow"/>.</param>
/// <param name="Client">The client's id.</param>
/// <param name="ClientName">As the person was shown it.</param>
/// <param name="RedirectHost">Where the person's browser was sent.</param>
/// <param name="Tools">What was ticked; a call needs a live grant besides.</param>
/// <param name="Limits">The resources behind the server that the tools may be used for; absent for no such limit.</param>
/// <param name="ExpiresAt">Nothing that came of it lives longer.</param>
/// <param name="LastUsedAt">When tokens were issued of it last; absent for never.</param>
public sealed record AuthorizationResponse(
    string Id, string State, string User, string? Agent, string? Workflow, string Client, string ClientName, string RedirectHost, string Server, IReadOnlyList<string> Tools, string? Limits,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>Besides, all prompts of the server that the person has.</summary>
    public bool Prompts { get; init; }

    /// <summary>Besides, all resources of the server that the person has.</summary>
    public bool Resources { get; init; }
}

/// <summary>Ends every live authorization of a person, of a client, or of both together. Tokens that were pasted, and those of a client that acts for itself, go on.</summary>
public sealed record EndAuthorizationsRequest
{
    /// <summary>E-mail address.</summary>
    public string? User { get; init; }

    /// <summary>The client's id.</summary>
    public string? Client { get; init; }

    /// <summary>Only on this server.</summary>
    public string? Server { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>Authorizations that were ended for good, with all codes and tokens that came of them.</summary>
/// <param name="Ended">How many lived until then.</param>
/// <param name="UnconfirmedNodes">Nodes that had not confirmed it within a second; <c>*</c> when that could not be asked.</param>
/// <param name="Nodes">How many live nodes there are; null when that could not be asked.</param>
/// <param name="TookMilliseconds">From the moment the first node refused until the last had confirmed, or was no longer waited for.</param>
public sealed record EndedAuthorizationsResponse(int Ended, IReadOnlyList<string> UnconfirmedNodes, int? Nodes, long TookMilliseconds);
