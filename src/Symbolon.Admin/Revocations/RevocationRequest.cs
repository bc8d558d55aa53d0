using System.Globalization;

namespace Symbolon.Admin.Revocations;

/// <summary>Names exactly one target. All that was issued to it so far is dead.</summary>
public sealed record RevocationRequest
{
    public string? Token { get; init; }

    /// <summary>E-mail address.</summary>
    public string? User { get; init; }
    public string? Agent { get; init; }
    public string? Workflow { get; init; }
    public string? Server { get; init; }

    /// <summary>The organisation itself, <c>default</c>.</summary>
    public string? Organisation { get; init; }

    /// <summary>An OAuth client, by its id.</summary>
    public string? Client { get; init; }

    /// <summary>An authorization of OAuth, by its id.</summary>
    public string? Authorization { get; init; }

    /// <summary>A key, by its thumbprint: what it signed so far.</summary>
    public string? Key { get; init; }

    /// <summary>A grant, by its name: what it gave to anything issued so far. What is issued later may draw on it again.</summary>
    public string? Grant { get; init; }

    /// <summary>A server, by its name: what it has got for itself and for its calls, at the API behind it. What callers call it with stays.</summary>
    public string? Credential { get; init; }

    /// <summary>Why, for the record; at most 1024 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>A durable revocation.</summary>
/// <param name="Level">token, user, agent, workflow, server, organisation, client, authorization, key, grant or credential.</param>
/// <param name="NotBefore">What was issued up to then is dead.</param>
/// <param name="LiveTokens">
/// How many live tokens it ended; of a server: how many may no longer call it. 0 may mean that the name is spelt wrong; what was issued
/// up to then stays dead all the same. Null when it could not be counted.
/// </param>
/// <param name="UnconfirmedNodes">Nodes that had not confirmed it within a second; <c>*</c> when that could not be asked.</param>
/// <param name="Nodes">How many live nodes there are; null when that could not be asked.</param>
/// <param name="TookMilliseconds">From the moment the first node refused until the last had confirmed, or was no longer waited for.</param>
public sealed record RevocationResponse(
    string Level, string Target, DateTimeOffset NotBefore, int? LiveTokens, IReadOnlyList<string> UnconfirmedNodes, int? Nodes, long TookMilliseconds)
{
    /// <summary>What was measured, in one sentence, e.g. "3 of 3 nodes refused it after 0.31 s."</summary>
    public string ToWords() => WordsOf(UnconfirmedNodes, Nodes, TookMilliseconds);

    internal static string WordsOf(IReadOnlyList<string> unconfirmed, int? nodes, long milliseconds)
    {
        if (nodes is not { } all) return "It is durable. Which nodes know it could not be asked.";
        var seconds = milliseconds < 10 ? "less than 0.01 s" : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:0.00} s");
        var confirmed = $"{all - unconfirmed.Count} of {all} {(all == 1 ? "node" : "nodes")} refused it after {seconds}.";
        return unconfirmed.Count == 0 ? confirmed : $"{confirmed} Not confirmed by {string.Join(", ", unconfirmed)}.";
    }
}
