using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.Revocation;

/// <summary>A target that exists, and the holder behind it where that is known, for the record.</summary>
/// <param name="Token">The token itself, where one was named and could be read.</param>
public sealed record RevocationTarget(Holder? Holder, TokenRecord? Token = null)
{
    /// <summary>When the token was issued: its epoch is never before that, whatever the clocks say. 0 for all else.</summary>
    public long IssuedAt => Token?.IssuedAt ?? 0;
}

/// <summary>
/// Finds what shall be revoked. A mistyped name is told, since an answer "revoked" would be a false comfort. While the store cannot
/// be asked the target is taken as it stands: too much is revoked rather than nothing.
/// </summary>
public sealed class RevocationTargets(Configuration configuration, ITokenStore tokens)
{
    public async Task<Result<RevocationTarget>> FindAsync(OrganisationId organisation, RevocationOrder order, CancellationToken cancellation)
    {
        var target = order.Target;
        switch (order.Level)
        {
            case RevocationLevel.Token:
                return await FindTokenAsync(organisation, new TokenId(target), cancellation);
            case RevocationLevel.User:
                return UserEmail.TryParse(target, out var user) && user.Value == target
                    ? new RevocationTarget(new Holder { User = user })
                    : ChangeError.Invalid("user", FieldErrorCode.BadValue, $"user must be {UserEmail.Rule}.");
            case RevocationLevel.Agent:
                return configuration.Agent(organisation, new AgentName(target)) is null
                    ? ChangeError.NotFound("such agent")
                    : new RevocationTarget(new Holder { Agent = new AgentName(target) });
            case RevocationLevel.Workflow:
                return configuration.Workflow(organisation, new WorkflowName(target)) is null
                    ? ChangeError.NotFound("such workflow")
                    : new RevocationTarget(new Holder { Workflow = new WorkflowName(target) });
            case RevocationLevel.Server:
                return configuration.Server(organisation, new ServerName(target)) is null
                    ? ChangeError.NotFound("such server")
                    : new RevocationTarget(Holder: null);
            case RevocationLevel.Organisation:
                return target == organisation.Value ? new RevocationTarget(Holder: null) : ChangeError.NotFound("such organisation");
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order.Level, null);
        }
    }

    /// <summary>Whether the text has the form of what this level names; says nothing about whether it exists.</summary>
    public static bool IsName(RevocationLevel level, string text) => level switch
    {
        RevocationLevel.Token => TokenId.IsValid(text),
        RevocationLevel.User => UserEmail.TryParse(text, out _),
        RevocationLevel.Server => ServerName.IsValid(text),
        _ => ObjectName.IsValid(text),
    };

    private async Task<Result<RevocationTarget>> FindTokenAsync(OrganisationId organisation, TokenId id, CancellationToken cancellation)
    {
        try
        {
            return await tokens.FindAsync(organisation, id, cancellation) is { } token
                ? new RevocationTarget(token.Holder, token)
                : ChangeError.NotFound("such token");
        }
        catch (StoreUnavailableException)
        {
            return new RevocationTarget(Holder: null);
        }
    }
}
