using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Issuing;

/// <summary>A token by which an API fetches its security events here (RFC 8936).</summary>
/// <param name="ProvedBy">Thumbprint of the key by which the client proved itself; null for one that did otherwise.</param>
internal sealed record EventsOrder(OrganisationId Organisation, string Issuer, ClientId Client, Sha256Value? ProvedBy) : IssueOrder(Organisation, Issuer, Life)
{
    private const long Life = 3600;

    public override string Scope => EventsToken.Scope;

    public override void Describe(AuditEvent record)
    {
        record.Scope = Scope;
        record.Target = $"Client/{Client}";
        if (Key is { } key) record.Reason = $"bound to the key {key}";
    }
}
