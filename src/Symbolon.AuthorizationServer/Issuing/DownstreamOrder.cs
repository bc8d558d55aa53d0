using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>What a token of a server for its API shall be: its own credential, or one for the caller of a call. Its <see cref="IssueOrder.Limits"/> are what the API is to allow.</summary>
/// <param name="Audience">The API.</param>
/// <param name="Seconds">Its life.</param>
internal sealed record DownstreamOrder(OrganisationId Organisation, string Issuer, ServerName Server, string Audience, long Seconds) : IssueOrder(Organisation, Issuer, Seconds)
{
    /// <summary>By the words of RFC 8693 §3.</summary>
    public const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";

    /// <summary>The call token that it is exchanged for; null for the server's own credential.</summary>
    public DownstreamToken? Subject { get; init; }

    /// <summary>Microseconds since the Unix epoch; null for no such end.</summary>
    public long? NoLaterThan { get; init; }

    /// <summary>What the record says in the place of <see cref="Scope"/>: of a sensitive tool nothing of its arguments. Null for the same.</summary>
    public string? Recorded { get; init; }

    /// <summary>How long the server's key is good, which it is told beside each token.</summary>
    public KeyTerm KeyTerm { get; init; }

    public override string Scope => Limits!.ToString();

    public override string? IssuedType => Subject is null ? null : AccessTokenType;

    public override void Describe(AuditEvent record)
    {
        if (Subject is not null) Describe(record, Subject);
        record.Server = Server.Value;
        record.Scope = Scopes.ForRecord(Recorded ?? Scope);
        record.Target = $"Api/{Audience}";
        record.Reason = $"{record.Reason}{(record.Reason is null ? "" : ", ")}{(Key is null ? "bound to no key" : $"bound to the key {Key}")}";
    }

    /// <summary>For whom and for what tool it was asked, whatever comes of it.</summary>
    public static void Describe(AuditEvent record, DownstreamToken subject)
    {
        var holder = subject.Holder;
        (record.User, record.Agent, record.Workflow, record.Initiator) = (holder?.User?.Value, holder?.Agent?.Value, holder?.Workflow?.Value, holder?.Initiator);
        record.Server = subject.Server.Value;
        record.Tool = subject.Tool?.Value;
        record.Reason = $"for {string.Join(" by ", subject.Chain)} with {subject.Origin?.Value ?? "no token"}";
    }
}

/// <param name="DueAt">When the key gets no more tokens. Microseconds since the Unix epoch; null for no such time.</param>
/// <param name="IsOrdered">An administrator wants another in its place, whatever its age.</param>
internal readonly record struct KeyTerm(long? DueAt, bool IsOrdered);
