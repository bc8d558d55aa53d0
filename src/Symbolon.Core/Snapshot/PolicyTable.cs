using System.Collections.Concurrent;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Policy.Rules;

namespace Symbolon.Core.Snapshot;

/// <summary>The rules of every target, made when they are first needed and kept until the configuration changes.</summary>
public sealed class PolicyTable
{
    private readonly Configuration configuration;
    private volatile Table current = new();

    public PolicyTable(Configuration configuration)
    {
        this.configuration = configuration;
        // What is made from objects of before the change is put into the table of before the change.
        configuration.Changed += () => current = new Table();
    }

    /// <param name="tool">Of the approved manifest.</param>
    public TargetRules OfTool(OrganisationId organisation, ServerObject server, ManifestTool tool) => Of(new Key(organisation, server.Name, RuleTargetKind.Tool, tool.Name.Value), server, tool);

    public TargetRules OfPrompts(OrganisationId organisation, ServerObject server) => Of(new Key(organisation, server.Name, RuleTargetKind.Prompt, ""), server, null);

    public TargetRules OfResources(OrganisationId organisation, ServerObject server) => Of(new Key(organisation, server.Name, RuleTargetKind.Resource, ""), server, null);

    /// <summary>Whether any rule holds at all.</summary>
    public bool AreThere(OrganisationId organisation) => current.Policies(organisation, configuration).Length > 0;

    /// <summary>Whether some rule looks at what a session has done: it is written down only then.</summary>
    public bool ReadSessions(OrganisationId organisation) => current.ReadSessions(organisation, configuration) != SessionUse.None;

    /// <summary>Whether some rule does that is enforced: what cannot be written down is refused only then.</summary>
    public bool DependOnSessions(OrganisationId organisation) => current.ReadSessions(organisation, configuration) == SessionUse.Enforced;

    private TargetRules Of(Key key, ServerObject server, ManifestTool? tool)
    {
        var table = current;
        // A server that was approved anew is another object, and so is what was made of it.
        if (table.Entries.TryGetValue(key, out var known) && ReferenceEquals(known.Server, server)) return known.Rules;
        var manifest = server.Approved!.Manifest;
        var target = key.Kind switch
        {
            RuleTargetKind.Tool => RuleTarget.Of(server.Name, manifest, tool!),
            RuleTargetKind.Prompt => RuleTarget.OfPrompts(server.Name, manifest),
            _ => RuleTarget.OfResources(server.Name, manifest),
        };
        return (table.Entries[key] = new Made(server, TargetRules.Of(target, table.Policies(key.Organisation, configuration)))).Rules;
    }

    private readonly record struct Key(OrganisationId Organisation, ServerName Server, RuleTargetKind Kind, string Name);

    private sealed record Made(ServerObject Server, TargetRules Rules);

    private enum SessionUse
    {
        None,
        Observed,
        Enforced,
    }

    private sealed class Table
    {
        private readonly ConcurrentDictionary<OrganisationId, PolicyObject[]> policies = new();

        private readonly ConcurrentDictionary<OrganisationId, SessionUse> sessions = new();

        public ConcurrentDictionary<Key, Made> Entries { get; } = new();

        public SessionUse ReadSessions(OrganisationId organisation, Configuration configuration) => sessions.TryGetValue(organisation, out var known) ? known
            : sessions[organisation] = Policies(organisation, configuration).SelectMany(policy => policy.Rules).Where(ReadsSession).Select(rule => rule.IsObserved ? SessionUse.Observed : SessionUse.Enforced).DefaultIfEmpty().Max();

        /// <summary>By the letters of its name: what only looks like it costs a row more. Decision points are told of it unasked.</summary>
        private static bool ReadsSession(PolicyRule rule) => rule.Decide is not null || $"{rule.When} {rule.Limit?.Of}".Contains("session", StringComparison.Ordinal);

        public PolicyObject[] Policies(OrganisationId organisation, Configuration configuration) =>
            policies.GetOrAdd(organisation, static (each, configuration) => [.. configuration.Policies(each).Where(policy => policy.RetiredAt is null)], configuration);
    }
}
