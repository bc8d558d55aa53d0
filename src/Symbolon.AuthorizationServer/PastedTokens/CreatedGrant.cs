using System.Collections.Immutable;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;

namespace Symbolon.AuthorizationServer.PastedTokens;

/// <summary>
/// The grant that is created with a token: for exactly its holder, for the tools that the token means today, by name, so that what is reviewed
/// into a class later is nobody's by accident; and with an end, or it would outlive everybody who remembers why it is there. A file makes
/// a grant that grows or stays.
/// </summary>
internal static class CreatedGrant
{
    /// <param name="ceilingSeconds">The longest that a token may live here: without another day the grant holds for as long.</param>
    /// <param name="now">Microseconds.</param>
    public static Result<GrantObject> Of(NewGrant wanted, TokenOrder order, Configuration configuration, OrganisationId organisation, long ceilingSeconds, long now)
    {
        // Nobody knows here which there are, so it would be a grant of whatever the server comes to have.
        if (order.Servers.FirstOrDefault(access => access.AllPrompts || access.AllResources) is { } features)
            return ChangeError.Invalid("createGrant", FieldErrorCode.BadValue, $"A grant of prompts or resources is made by a file; the one that is created with a token names tools alone. Leave @prompts and @resources of {features.Server} out, or createGrant.");
        var servers = order.Servers.Select(access => NamedOf(access, configuration.Server(organisation, access.Server)!)).ToImmutableArray();
        if (servers.FirstOrDefault(access => access.Tools.IsEmpty) is { } empty)
            return ChangeError.Invalid("createGrant", FieldErrorCode.BadValue, $"Server {empty.Server} has no tool of what the token names, so a grant of it would allow nothing.");
        var grant = new GrantObject
        {
            Name = wanted.Name,
            To = new GrantSubjects
            {
                Users = order.Holder.User is { } user ? [user.Value] : [],
                Agents = order.Holder.Agent is { } agent ? [agent] : [],
                Workflows = order.Holder.Workflow is { } workflow ? [workflow] : [],
            },
            Servers = servers,
            Expires = wanted.NeverEnds ? null : wanted.Expires ?? DateOnly.FromDateTime(UnixTime.FromMicroseconds(now + UnixTime.FromSeconds(ceilingSeconds)).UtcDateTime),
            MaxTtlSeconds = wanted.MaxTtlSeconds,
        };
        if (grant.EndsAt <= now) return ChangeError.Invalid("createGrant.expires", FieldErrorCode.Expired, $"{grant.Expires:yyyy-MM-dd} has passed.");
        return grant.MaxTtlSeconds > ceilingSeconds
            ? ChangeError.Invalid("createGrant.maxTtl", FieldErrorCode.BadValue, $"createGrant.maxTtl is more than {Durations.ToText(ceilingSeconds)}, the organisation's ceiling.")
            : grant;
    }

    /// <summary>The tools that are in a class now.</summary>
    public static IEnumerable<ManifestTool> ClassOf(ServerObject server, Effect effect) =>
        server.Approved!.Manifest.Tools.Where(tool => tool.Effect == effect && !tool.Flags.MustBeNamed());

    private static ServerAccess NamedOf(ServerAccess access, ServerObject server) => new()
    {
        Server = access.Server,
        Tools = [.. server.Approved!.Manifest.Tools
            .Where(tool => access.Granted || access.Tools.Contains(tool.Name) || access.Effects.Any(effect => ClassOf(server, effect).Contains(tool)))
            .Select(tool => tool.Name)],
    };
}
