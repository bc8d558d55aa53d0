using System.Collections.Frozen;
using System.Collections.Immutable;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy.Rules;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Apply;

/// <summary>A document may only name what exists, or comes with the same request: a mistyped name would silently grant nothing, or later something else. And a key that a server's instance has may be nobody's besides.</summary>
internal sealed class ReferenceCheck(Configuration configuration, OrganisationId organisation, IEnumerable<Document> together)
{
    private readonly FrozenDictionary<ObjectKey, Document> coming = together.ToFrozenDictionary(document => document.Key);

    private List<(ServerName Name, ServerManifest Manifest)>? manifests;

    public IEnumerable<FieldError> In(Document document, string path) => document switch
    {
        Document.Grant { Object: var grant } => Of(grant, path),
        Document.Identity { Object: var identity } => [.. Unknown(identity.Federation, $"{path}spec.federation"), .. Taken(identity, $"{path}spec.keys")],
        Document.Server server => [.. Federated(server.Manifest, path), .. Unfit(server, path)],
        Document.Issuer { Object: var issuer } => Of(issuer, path),
        Document.Policy { Object: var policy } => [.. PolicyCheck.In(policy, manifests ??= Manifests(), path), .. policy.Rules.SelectMany((rule, i) => Callers(rule, $"{path}spec.rules[{i}]"))],
        _ => [],
    };

    /// <summary>Every version that serves, waits or comes along: a rule may be about any of them.</summary>
    private List<(ServerName Name, ServerManifest Manifest)> Manifests() => [.. Present(), .. coming.Values.OfType<Document.Server>().Select(server => (server.Name, server.Manifest))];

    private IEnumerable<(ServerName Name, ServerManifest Manifest)> Present() =>
        configuration.Servers(organisation).SelectMany(server => new[] { server.Approved, server.Pending }.OfType<ManifestVersion>().Select(version => (server.Name, version.Manifest)));

    private IEnumerable<FieldError> Federated(ServerManifest manifest, string path) =>
        manifest.Credential is UpstreamCredential.Exchange { Federation: var federation } ? Unknown(federation, $"{path}spec.credential.federation") : [];

    private IEnumerable<FieldError> Callers(PolicyRule rule, string path) =>
    [
        .. Unknown(ObjectKind.Agent, rule.Agents.Where(name => name != PolicyRule.Any), i => $"{path}.agents[{i}]"),
        .. Unknown(ObjectKind.Workflow, rule.Workflows.Where(name => name != PolicyRule.Any), i => $"{path}.workflows[{i}]"),
    ];

    /// <summary>
    /// What a policy says of this server by name and this version would take from it: a rule that denies a tool by its name would be about nothing after a tool is renamed,
    /// without a word to anybody. What is wrong already is not this version's fault.
    /// </summary>
    private IEnumerable<FieldError> Unfit(Document.Server server, string path)
    {
        foreach (var policy in configuration.Policies(organisation))
        {
            if (policy.RetiredAt is not null || !policy.Rules.Any(rule => rule.Servers.Contains(server.Name.Value)) || coming.ContainsKey(new ObjectKey(ObjectKind.Policy, policy.Name.Value))) continue;
            var then = (manifests ??= Manifests()).Where(each => each.Name != server.Name).Append((server.Name, server.Manifest)).ToList();
            var now = PolicyCheck.In(policy, [.. Present()], "").Select(error => error.Message).ToHashSet(StringComparer.Ordinal);
            foreach (var error in PolicyCheck.In(policy, then, "").Where(error => !now.Contains(error.Message)))
                yield return new FieldError($"{path}spec", FieldErrorCode.BadValue, $"Policy {policy.Name} would not fit this version of {server.Name}: {error.Path}: {error.Message} Change the policy before, or with it.");
        }
    }

    private IEnumerable<FieldError> Of(GrantObject grant, string path) =>
    [
        .. Unknown(ObjectKind.Server, grant.Servers.Select(access => access.Server.Value), i => $"{path}spec.servers[{i}].name"),
        .. grant.Servers.SelectMany((access, i) => UnknownTools(access, $"{path}spec.servers[{i}].tools")),
        .. Unknown(ObjectKind.Agent, grant.To.Agents.Select(agent => agent.Value), i => $"{path}spec.to.agents[{i}]"),
        .. Unknown(ObjectKind.Workflow, grant.To.Workflows.Select(workflow => workflow.Value), i => $"{path}spec.to.workflows[{i}]"),
    ];

    private IEnumerable<FieldError> Unknown(ImmutableArray<FederatedSubject> federation, string path) =>
        Unknown(ObjectKind.Issuer, federation.Select(each => each.Issuer.Value), i => $"{path}[{i}].issuer");

    private IEnumerable<FieldError> Taken(IdentityObject identity, string path) => PublicKeys.Thumbprints(identity.Keys).Select((key, i) => (Thumbprint: key, Path: $"{path}[{i}]"))
        .Where(key => configuration.IsInstanceKey(organisation, key.Thumbprint))
        .Select(key => new FieldError(key.Path, FieldErrorCode.BadValue, $"{key.Path} is a server instance's already. A key is one holder's alone: make another one."));

    /// <summary>By its <c>iss</c>, or its trust domain, a token names one issuer: of two nobody could tell which one is meant.</summary>
    private IEnumerable<FieldError> Of(IssuerObject issuer, string path)
    {
        var others = configuration.Issuers(organisation).Where(other => other.RetiredAt is null && !coming.ContainsKey(new ObjectKey(ObjectKind.Issuer, other.Name.Value)))
            .Concat(coming.Values.OfType<Document.Issuer>().Select(document => document.Object)).Where(other => other.Name != issuer.Name).ToList();
        if (issuer.Issuer is not null && others.Find(other => other.Issuer == issuer.Issuer) is { } same)
            yield return new FieldError($"{path}spec.issuer", FieldErrorCode.Duplicate, $"The issuer {same.Name} has this iss already.");
        if (issuer.TrustDomain is not null && others.Find(other => other.TrustDomain == issuer.TrustDomain) is { } domain)
            yield return new FieldError($"{path}spec.trustDomain", FieldErrorCode.Duplicate, $"The issuer {domain.Name} has this trust domain already.");
    }

    private IEnumerable<FieldError> Unknown(ObjectKind kind, IEnumerable<string> names, Func<int, string> path) => names
        .Select((name, i) => (Key: new ObjectKey(kind, name), Path: path(i)))
        .Where(named => !coming.ContainsKey(named.Key) && !IsThere(named.Key))
        .Select(named => new FieldError(named.Path, FieldErrorCode.UnknownReference, $"There is no {named.Key.InWords}."));

    private bool IsThere(ObjectKey key) => key.Kind switch
    {
        ObjectKind.Server => configuration.Server(organisation, new ServerName(key.Name)) is not null,
        ObjectKind.Issuer => configuration.Issuer(organisation, new IssuerName(key.Name)) is { RetiredAt: null },
        _ => configuration.Identity(organisation, key) is not null,
    };

    /// <summary>Any version of the server that serves, waits or comes along may have the tool: a grant often arrives before the approval.</summary>
    private IEnumerable<FieldError> UnknownTools(ServerAccess access, string path)
    {
        var present = configuration.Server(organisation, access.Server);
        var arriving = coming.GetValueOrDefault(new ObjectKey(ObjectKind.Server, access.Server.Value)) as Document.Server;
        ImmutableArray<ServerManifest> versions = [.. new[] { present?.Approved?.Manifest, present?.Pending?.Manifest, arriving?.Manifest }.OfType<ServerManifest>()];
        if (versions.IsEmpty) yield break;
        for (var i = 0; i < access.Tools.Length; i++)
        {
            var tool = access.Tools[i];
            if (!versions.Any(version => version.Tools.Any(known => known.Name == tool)))
                yield return new FieldError($"{path}[{i}]", FieldErrorCode.UnknownReference, $"Server {access.Server} has no tool {tool}.");
        }
    }
}
