using System.CommandLine;
using Symbolon.Cli.Invocation;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary><c>symbolon agent</c>, <c>workflow</c>, <c>grant</c>, <c>resource</c> and <c>issuer</c>.</summary>
internal static class IdentityCommands
{
    private static readonly Column[] Columns =
    [
        Column.At("NAME", "name"), Column.At("STATE", "state"), Column.At("OWNER", "owner"), Column.At("LIVE TOKENS", "liveTokens"), Column.At("LAST SEEN", "lastSeenAt"),
    ];

    public static Command Agent(Outside outside) => Build(outside, "agent", "Programs that act for people; made and changed by apply");

    public static Command Workflow(Outside outside) => Build(outside, "workflow", "Jobs that run on their own; made and changed by apply");

    public static Command Grant(Outside outside) => new("grant", "Who may use which tools; made and changed by apply")
    {
        Verb.List(outside, "grant", "grants",
            Column.At("NAME", "name"), Column.At("STATE", "state"), new Column("TO", grant => AccessText.Subjects(grant)),
            new Column("SERVERS", grant => AccessText.Servers(grant)), Column.At("EXPIRES", "expires"), Column.At("MAX TTL", "maxTtl")),
        Verb.Show(outside, "grant", "grants"),
        Verb.Step(outside, "grant", "grants", "retire", "End it for good, also under live tokens", forGood: true, alias: "rm"),
    };

    public static Command Resource(Outside outside) => new("resource", "What is known of resources behind the servers; made and changed by apply")
    {
        Verb.List(outside, "resource", "resources",
            Column.At("NAME", "name"), Column.At("STATE", "state"), Column.At("PATTERN", "pattern"), Column.At("SENSITIVITY", "sensitivity"),
            Column.At("REACHES", "reaches"), Column.At("TRIGGERS", "triggers")),
        Verb.Show(outside, "resource", "resources"),
        Verb.Step(outside, "resource", "resources", "retire", "Let it count no longer, for good", forGood: true, alias: "rm"),
    };

    public static Command Issuer(Outside outside) => new("issuer", "Foreign issuers whose tokens agents, workflows and servers may come with; made and changed by apply")
    {
        Verb.List(outside, "issuer", "issuers",
            Column.At("NAME", "name"), Column.At("STATE", "state"), Column.At("ISSUER", "issuer"), Column.At("TRUST DOMAIN", "trustDomain"),
            Column.At("AUDIENCE", "audience"), Column.At("SUBJECTS", "subjects"), Column.At("MAX TTL", "maxTtl")),
        Verb.Show(outside, "issuer", "issuers"),
        Verb.Step(outside, "issuer", "issuers", "retire", "Take its tokens no longer, for good", forGood: true, alias: "rm"),
    };

    private static Command Build(Outside outside, string noun, string summary) => new(noun, summary)
    {
        Verb.List(outside, noun, noun + "s", Columns),
        Verb.Show(outside, noun, noun + "s"),
        Verb.Step(outside, noun, noun + "s", "suspend", "Refuse its tokens until it is resumed", forGood: false),
        Verb.Step(outside, noun, noun + "s", "resume", "Let its tokens work again", forGood: false),
        Verb.Step(outside, noun, noun + "s", "retire", "End it for good; its history stays", forGood: true, alias: "rm"),
    };
}
