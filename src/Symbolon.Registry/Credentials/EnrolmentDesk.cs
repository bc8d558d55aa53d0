using System.Collections.Immutable;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Credentials;

/// <summary>A code that was made, which is never to be had again.</summary>
/// <param name="Secret"><c>sym_enr_…</c></param>
public sealed record NewEnrolment(string Secret, EnrolmentCode Code);

/// <summary>Gives codes by which instances of a server enrol their keys, and ends keys. DESIGN.md section 4, Identities on the way.</summary>
public sealed class EnrolmentDesk(Configuration configuration, IConfigurationStore store, ChangeDesk desk, KeyHolders holders, EnrolmentRecords records, TimeProvider clock)
{
    /// <summary>Microseconds. DESIGN.md section 4, Tokens.</summary>
    public const long CodeLife = 15 * 60 * 1_000_000L;

    /// <summary>A key that was replaced or has run out stays in the list as long as what it got may live. Microseconds.</summary>
    private const long ReplacedLife = UpstreamCredential.Exchange.MostTtl * 1_000_000L;

    private const int Tries = 4;

    /// <param name="instance">The name that the instance must have, also one that is there: the new key then takes the place of the old one. Null lets it choose a new name.</param>
    public async Task<Result<NewEnrolment>> CreateAsync(Requester requester, ServerName name, string? instance, string? reason, CancellationToken cancellation)
    {
        var note = new ChangeNote("give an enrolment code", $"Server/{name}") { Server = name.Value, Reason = reason };
        if (instance is not null && !ObjectName.IsValid(instance))
            return await desk.RefuseAsync(requester, note, ChangeError.Invalid("instance", FieldErrorCode.BadName, $"instance must be {ObjectName.Rule}."));
        if (Refuse(configuration.Server(requester.Organisation, name), name) is { } impossible) return await desk.RefuseAsync(requester, note, impossible);
        var now = clock.Microseconds();
        var secret = PastedToken.Create(TokenKind.Enrolment);
        var code = new EnrolmentCode { Hash = HashOf(secret), Instance = instance, CreatedAt = now, CreatedBy = requester.By, ExpiresAt = now + CodeLife };
        var made = await ChangeAsync(requester, name, note, keys =>
            keys.Codes.Count(each => each.IsOpenAt(now)) >= ServerKeysObject.MostOpenCodes
                ? ChangeError.Conflict("too_many_codes", $"Server {name} has {ServerKeysObject.MostOpenCodes} codes that nobody has used; each ends after 15 minutes.")
                : TooMany(requester.Organisation, keys, instance) is { } full ? full
                : (keys with { Codes = [.. keys.Codes, code] }, []), cancellation);
        return made.Select(_ => new NewEnrolment(secret, code));
    }

    /// <summary>Ends a key for good: what it has got is dead within a second, and it gets nothing more.</summary>
    public Task<Result<ServerInstance>> RevokeAsync(Requester requester, ServerName name, string thumbprint, string? reason, CancellationToken cancellation)
    {
        ServerInstance? ended = null;
        var note = new ChangeNote("revoke key", $"Server/{name}") { Kind = Core.Audit.AuditKind.Revocation, Server = name.Value, Reason = reason };
        return RevokeAsync();

        async Task<Result<ServerInstance>> RevokeAsync()
        {
            var done = await ChangeAsync(requester, name, note, keys =>
            {
                // Also one that is in the list no more may have vouched for those that are.
                ended = keys.Instances.FirstOrDefault(instance => instance.Thumbprint == thumbprint) ?? keys.WithSuccessors(thumbprint).FirstOrDefault();
                if (ended is null) return ChangeError.NotFound($"such key of server {name}");
                // Whoever may have had it, may have vouched for others.
                var (next, beside) = records.End(keys, thumbprint);
                return (next, [.. beside]);
            }, cancellation);
            return done.Select(_ => ended!);
        }
    }

    /// <summary>Orders that instances replace their keys: until then they get tokens by the ones they have. DESIGN.md section 4, Files: <c>rotation</c>.</summary>
    /// <param name="instance">Null for all.</param>
    /// <returns>Those that have to, with the time.</returns>
    public async Task<Result<ImmutableArray<ServerInstance>>> RotateAsync(Requester requester, ServerName name, string? instance, string? reason, CancellationToken cancellation)
    {
        ImmutableArray<ServerInstance> ordered = [];
        var note = new ChangeNote(instance is null ? "order new keys" : $"order a new key of instance {instance}", $"Server/{name}") { Server = name.Value, Reason = reason };
        if (Refuse(configuration.Server(requester.Organisation, name), name) is { } impossible) return await desk.RefuseAsync(requester, note, impossible);
        var ttl = ((UpstreamCredential.Exchange)configuration.Server(requester.Organisation, name)!.Approved!.Manifest.Credential).TtlSeconds;
        var done = await ChangeAsync(requester, name, note, keys =>
        {
            // An instance hears of it with its next token.
            var until = clock.Microseconds() + ttl * 1_000_000;
            var next = keys.Instances.Select(each => each.ReplacedAt is null && (instance is null || each.Name == instance) ? each with { ReplaceBy = Math.Min(each.ReplaceBy ?? until, until) } : each).ToImmutableArray();
            ordered = [.. next.Where(each => each.ReplacedAt is null && (instance is null || each.Name == instance))];
            return ordered.IsEmpty ? ChangeError.NotFound(instance is null ? $"key of server {name}" : $"instance {instance} of server {name}") : (keys with { Instances = next }, []);
        }, cancellation);
        return done.Select(_ => ordered);
    }

    /// <summary>Those that are in use or were replaced lately, of a server that exists.</summary>
    public ServerKeysObject KeysOf(OrganisationId organisation, ServerName name) => configuration.ServerKeys(organisation, name) ?? new ServerKeysObject { Server = name };

    /// <summary>Whether somebody revoked it, whoever holds it.</summary>
    public bool IsRevoked(OrganisationId organisation, ServerInstance instance) => holders.IsRevoked(organisation, instance.Thumbprint);

    internal static string HashOf(string code) => Convert.ToHexStringLower(PastedToken.Hash(code).ToBytes());

    /// <summary>Who may enrol at this moment.</summary>
    internal static ChangeError? Refuse(ServerObject? server, ServerName name) => server switch
    {
        null => ChangeError.NotFound($"server {name}"),
        { State: not Lifecycle.Active } => ChangeError.Conflict("wrong_state", $"Server {name} is {server.State.ToText()}; only one that is active can enrol keys."),
        { Approved.Manifest.Credential: UpstreamCredential.Foreign } => ChangeError.Conflict("wrong_mode", $"The approved file of {name} says credential.at: its tokens come from another authorization server, so it has no keys here."),
        { Approved.Manifest.Credential: not UpstreamCredential.Exchange { File: null } } => ChangeError.Conflict("wrong_mode", $"The approved file of {name} does not say credential.mode exchange, or names a file for the token, so it has no keys."),
        _ => null,
    };

    internal ChangeError? TooMany(OrganisationId organisation, ServerKeysObject keys, string? instance) =>
        keys.InUseAt(clock.Microseconds()).Count(each => !IsRevoked(organisation, each) && each.Name != instance) >= ServerKeysObject.MostInstances
            ? ChangeError.Conflict("too_many_instances", $"Server {keys.Server} has {ServerKeysObject.MostInstances} instances. Revoke keys that are not in use.") : null;

    /// <summary>Without what has run out.</summary>
    internal ServerKeysObject Cleared(OrganisationId organisation, ServerKeysObject keys)
    {
        var now = clock.Microseconds();
        return keys with
        {
            Codes = keys.Codes.RemoveAll(code => code.ExpiresAt <= now),
            Instances = keys.Instances.RemoveAll(each => IsRevoked(organisation, each) || each.ReplacedAt + ReplacedLife <= now || each.Until + ReplacedLife <= now),
        };
    }

    private async Task<Result<long>> ChangeAsync(
        Requester requester, ServerName name, ChangeNote note, Func<ServerKeysObject, Result<(ServerKeysObject Next, Change[] Beside)>> change, CancellationToken cancellation)
    {
        try
        {
            for (var trial = 1; ; trial++)
            {
                var (keys, version) = await FindAsync(requester.Organisation, name, cancellation);
                switch (change(Cleared(requester.Organisation, keys)))
                {
                    case Result<(ServerKeysObject Next, Change[] Beside)>.Refused refused: return await desk.RefuseAsync(requester, note, refused.Why);
                    case Result<(ServerKeysObject Next, Change[] Beside)>.Done { Value: var (next, beside) }:
                        Change[] changes = [new Change.PutObject(next.Key, version, next), .. beside];
                        if (trial == Tries) return await desk.CommitAsync(requester, note, changes, cancellation);
                        if (await desk.TryCommitAsync(requester, [note], changes, cancellation) is { } done) return done;
                        break;
                }
            }
        }
        catch (StoreUnavailableException)
        {
            return await desk.RefuseAsync(requester, note, ChangeError.StoreUnavailable);
        }
    }

    /// <returns>Those of the store, with version 0 where there are none yet.</returns>
    internal async Task<(ServerKeysObject Keys, long Version)> FindAsync(OrganisationId organisation, ServerName name, CancellationToken cancellation) =>
        await store.FindObjectAsync(organisation, ServerKeysObject.KeyOf(name), cancellation) is { Item: ServerKeysObject found, Version: var version }
            ? (found, version) : (new ServerKeysObject { Server = name }, 0);
}
