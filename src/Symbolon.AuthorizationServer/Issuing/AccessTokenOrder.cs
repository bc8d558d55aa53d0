using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>What an access token for one of our servers shall be.</summary>
/// <param name="Access">What it names of the resource's server, never more than the holder's live grants allow.</param>
/// <param name="Seconds">Its life.</param>
internal sealed record AccessTokenOrder(
    OrganisationId Organisation, string Issuer, ClientId Client, Holder Holder, AuthorizationId Authorization, ProtectedResource Resource, ServerAccess Access, long Seconds)
    : IssueOrder(Organisation, Issuer, Seconds)
{
    /// <summary>When the person consented, in microseconds since the Unix epoch; null for a client that acts for itself.</summary>
    public long? AuthorizedAt { get; init; }

    public override string Scope => string.Join(' ', Scopes.Of(Access));

    public override void Describe(AuditEvent record)
    {
        (record.User, record.Agent, record.Workflow) = (Holder.User?.Value, Holder.Agent?.Value, Holder.Workflow?.Value);
        record.Server = Resource.Server.Value;
        record.Scope = Scopes.ForRecord(Access, Limits);
        record.Target = $"Authorization/{Authorization}";
        if (Key is { } key) record.Reason = $"bound to the key {key}";
    }
}
