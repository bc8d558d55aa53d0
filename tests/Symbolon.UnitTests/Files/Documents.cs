using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Core.Registry.Files;

namespace Symbolon.UnitTests.Files;

/// <summary>Whole documents to change one thing in.</summary>
internal static class Documents
{
    public const string Server = """
        {"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"deploy","owner":"ops@example.com","labels":{"env":"prod"}},
         "spec":{"upstream":{"transport":"http","url":"https://deploy.example.com/mcp","era":"auto"},
           "credential":{"mode":"static","header":"X-Api-Key","secret":"deploy-api","expires":"2027-01-31"},
           "limits":{"answer":"64KiB","connect":"2s","silence":"5m","call":"1h"},"tokens":{"binding":"dpop","effects":["write","irreversible"]},"concealTools":true,"unlistedTools":"deny","onDrift":"suspend-server","clientFeatures":["sampling","elicitation","roots"],"audit":{"content":"arguments"},
           "tools":[{"name":"rollout_status","title":"Rollout status","description":"Shows how far a rollout is.",
             "inputSchema":{"type":"object","properties":{"n":{"const":9007199254740993}}},"outputSchema":{"type":"object"},
             "annotations":{"readOnlyHint":true},
             "digests":{"legacy":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","modern":"sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"},
             "effect":"read","flags":["sensitive","executes","open-world","financial"]},
             {"name":"scale","effect":"write","needs":[{"actions":["read","scale"],"resource":"cluster:prod/namespace:{namespace}/*"},{"actions":["read"],"resource":"docs/**"}],"arguments":{"properties":{"namespace":{"enum":["checkout","search"]},"replicas":{"maximum":10.0,"not":{"const":9007199254740995}}},"required":["namespace"]},"audit":{"arguments":["replicas","namespace"]},
             "inputSchema":{"type":"object","properties":{"replicas":{"type":"integer"},"namespace":{"type":"string"},"apiToken":{"type":"string"}}}}]}}
        """;

    public const string Agent = """
        {"apiVersion":"symbolon/v1","kind":"Agent","metadata":{"name":"release-bot","owner":"ops@example.com","labels":{"team":"a/b"}},
         "spec":{"federation":[{"issuer":"ci","subject":"repo:acme/shop:*"},{"issuer":"cluster","subject":"system:serviceaccount:bots:release"}]}}
        """;

    public const string Workflow = """
        {"apiVersion":"symbolon/v1","kind":"Workflow","metadata":{"name":"nightly","owner":"ops@example.com"}}
        """;

    public const string Grant = """
        {"apiVersion":"symbolon/v1","kind":"Grant","metadata":{"name":"release-bot-deploy"},
         "spec":{"to":{"users":["alice@example.com","*"],"agents":["release-bot"],"workflows":["nightly"]},
           "servers":[{"name":"deploy","tools":["rollout_status"],"effects":["read","write","irreversible"],"prompts":["review code","summary"],"resources":["file:///docs/**","memo://one"]},{"name":"other","prompts":["*"],"resources":["*"]}],
           "expires":"2027-03-31","tokens":{"maxTtl":"8h","binding":"dpop"}}}
        """;

    public const string Resource = """
        {"apiVersion":"symbolon/v1","kind":"Resource","metadata":{"name":"project-metadata"},
         "spec":{"pattern":"project/*/metadata","reaches":["project/*/secrets","vault/**"],"triggers":["ci/*/pipeline"],"sensitivity":"internal"}}
        """;

    public const string Issuer = """
        {"apiVersion":"symbolon/v1","kind":"Issuer","metadata":{"name":"ci"},
         "spec":{"issuer":"https://ci.example.com","trustDomain":"prod.example.com","audience":"https://symbolon.example.com","subjects":["spiffe://prod.example.com/ci/*","spiffe://prod.example.com/job"],"maxTtl":"15m",
           "jwks":{"keys":[{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","kid":"one"}]}}}
        """;

    /// <summary>Every field of the kind, each rule with what goes together.</summary>
    public const string Policy = """
        {"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"refunds"},
         "spec":{"default":"deny","rules":[
           {"name":"large-refunds","servers":["payments","*"],"labels":{"env":"prod"},"tools":["refund","*"],"effects":["write","irreversible"],"prompts":["review code","*"],"resources":["file:///docs/**","*"],
            "subjects":["alice@example.com","*"],"agents":["bot","*"],"workflows":["ci","*"],"when":"args.amount > 100\n  && args.currency == \"EUR\"","decision":"deny","message":"Ask finance: größer als 100 €.","mode":"observe"},
           {"name":"slow","servers":["*"],"limit":"60/minute","burst":10,"per":["user","tool"]},
           {"name":"day","servers":["*"],"quota":"1000/day","per":"token"},
           {"name":"sum","servers":["payments"],"tools":["refund"],"total":{"of":"args.amount","most":"10000/month"},"per":["server"]},
           {"name":"open","servers":["*"],"concurrency":5},
           {"name":"oblige","servers":["*"],"decision":"allow","obligations":{"redact":["ssn","customer.card"],"maxResultBytes":65536,"headers":{"X-Reason":"refund","x-a":"b c"}}},
           {"name":"trim","servers":["*"],"obligations":{"maxResultBytes":1}},
           {"name":"ask","servers":["*"],"decide":{"url":"https://opa.example.com/v1/data/mcp/allow","timeout":"750ms","cache":"30s"}}],
          "tests":[
           {"server":"payments","tool":"refund","args":{"amount":1.50,"n":9007199254740993,"deep":[{"a":null}]},"subject":{"user":"Alice@Example.com","groups":["finance"]},"agent":"bot","workflow":"ci","session":{"flags":["sensitive"]},"at":"2027-01-04T03:00:00Z","expect":"deny","rule":"large-refunds"},
           {"server":"payments","prompt":"review code","args":{},"expect":"allow"},
           {"server":"payments","resource":"file:///docs/a","expect":"error","rule":"ask"}]}}
        """;

    public static string Of(string kind) => kind switch { "Server" => Server, "Agent" => Agent, "Workflow" => Workflow, "Grant" => Grant, "Policy" => Policy, "Resource" => Resource, "Issuer" => Issuer, _ => throw new ArgumentException(kind) };

    /// <summary>The document with one member set (JSON text), or removed (null). The path's parts are names and indexes, e.g. <c>spec.tools.0.effect</c>.</summary>
    public static string With(string kind, string path, string? json)
    {
        var root = JsonNode.Parse(Of(kind))!;
        var parts = path.Split('.');
        var parent = root;
        foreach (var part in parts[..^1]) parent = int.TryParse(part, out var index) ? parent[index]! : parent[part]!;
        if (parent is JsonArray list)
        {
            var index = int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture);
            if (index == list.Count) list.Add(JsonNode.Parse(json!));
            else list[index] = JsonNode.Parse(json!);
        }
        else if (json is null)
        {
            Assert.True(parent.AsObject().Remove(parts[^1]));
        }
        else
        {
            parent[parts[^1]] = JsonNode.Parse(json);
        }
        return root.ToJsonString();
    }

    public static DocumentReading Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return DocumentReader.Read(document.RootElement);
    }
}
