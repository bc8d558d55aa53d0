using System.Text.Json.Nodes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>A cluster that is trusted for two namespaces, an agent and a workflow that it knows, and the key that a pod of the agent proves.</summary>
internal sealed class WorkloadRig : IAsyncDisposable
{
    public const string Grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    public const string Cluster = "https://kubernetes.default.svc.cluster.local";
    public const string Audience = OAuthHost.Issuer;
    public const string Pod = "system:serviceaccount:bots:release-bot";

    private WorkloadRig(OAuthHost host) => Host = host;

    public OAuthHost Host { get; }

    public PlatformKey Platform { get; } = new();

    /// <summary>What the pod proves.</summary>
    public ProofKey Key { get; } = new();

    public static async Task<WorkloadRig> StartAsync()
    {
        var rig = new WorkloadRig(await OAuthHost.StartAsync());
        rig.Host.Apply(
            rig.IssuerOf(), rig.Bot(Pod),
            new WorkflowObject { Name = new WorkflowName("nightly"), Owner = "o@example.com", Federation = [Of("cluster", "system:serviceaccount:jobs:*")] },
            OAuthHost.Grant("release-bot-shop", "release-bot", "shop", [new("look"), new("change")], [], null),
            new GrantObject
            {
                Name = new GrantName("nightly-shop"), To = new GrantSubjects { Workflows = [new WorkflowName("nightly")] },
                Servers = [new ServerAccess { Server = new ServerName("shop"), Tools = [new("find")] }],
            });
        return rig;
    }

    public IssuerObject IssuerOf(string name = "cluster", string? issuer = Cluster, bool fetched = false) => new()
    {
        Name = new IssuerName(name),
        Issuer = issuer,
        Audience = Audience,
        Subjects = [new("system:serviceaccount:bots:*"), new("system:serviceaccount:jobs:*")],
        Keys = fetched ? [] : [Platform.Jwk],
    };

    public AgentObject Bot(params string[] subjects) => new()
    {
        Name = new AgentName("release-bot"), Owner = "o@example.com", Federation = [.. subjects.Select(subject => Of("cluster", subject))],
    };

    public static FederatedSubject Of(string issuer, string subject) => new(new IssuerName(issuer), new SubjectPattern(subject));

    /// <summary>What a kubelet projects into a pod, as the documentation of Kubernetes shows it.</summary>
    public JsonObject Claims(string subject = Pod) => new()
    {
        ["aud"] = new JsonArray(Audience), ["exp"] = Host.Now + 600, ["iat"] = Host.Now, ["iss"] = Cluster, ["jti"] = Guid.NewGuid().ToString(),
        ["kubernetes.io"] = new JsonObject
        {
            ["namespace"] = "bots", ["node"] = new JsonObject { ["name"] = "127.0.0.1", ["uid"] = "58456cb0-dd00-45ed-b797-5578fdceaced" },
            ["pod"] = new JsonObject { ["name"] = "release-bot-69cbfb9798-jv9gn", ["uid"] = "778a530c-b3f4-47c0-9cd5-ab018fb64f33" },
            ["serviceaccount"] = new JsonObject { ["name"] = "release-bot", ["uid"] = "a087d5a0-e1dd-43ec-93ac-f13d89cd13af" }, ["warnafter"] = Host.Now + 300,
        },
        ["nbf"] = Host.Now, ["sub"] = subject,
    };

    public string Token(string subject = Pod) => Platform.Sign(Claims(subject));

    /// <summary>Changes claims: "now" and "now+N" are times, null leaves one out.</summary>
    public string Changed(string changes, PlatformKey? key = null, string? header = null)
    {
        var claims = Claims();
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            if (value is null) claims.Remove(name);
            else if (value.GetValueKind() == System.Text.Json.JsonValueKind.String && value.GetValue<string>().StartsWith("now", StringComparison.Ordinal))
                claims[name] = Host.Now + (value.GetValue<string>() is { Length: > 3 } text ? long.Parse(text[3..], System.Globalization.CultureInfo.InvariantCulture) : 0);
            else claims[name] = value.DeepClone();
        }
        return (key ?? Platform).Sign(claims, header);
    }

    /// <summary>A request with a proof; each parameter can be replaced, or left out by null.</summary>
    public Task<Answer> AskAsync(string? assertion, params (string Name, string? Value)[] more) => AskAsync(assertion, Key, more);

    public Task<Answer> AskAsync(string? assertion, ProofKey? prover, params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] usual = [("grant_type", Grant), ("assertion", assertion), ("resource", OAuthHost.Shop)];
        return PostAsync("/oauth/token", prover, [.. usual.Where(each => !more.Any(other => other.Name == each.Name)), .. more]);
    }

    public Task<Answer> PostAsync(string path, ProofKey? prover, params (string Name, string? Value)[] form)
    {
        var body = string.Join('&', form.Where(each => each.Value is not null).Select(each => $"{Uri.EscapeDataString(each.Name)}={Uri.EscapeDataString(each.Value!)}"));
        (string, string)[] headers = prover is null ? [] : [("DPoP", prover.Proof("POST", OAuthHost.Issuer + path, Host.Now))];
        return Host.SendAsync("POST", path, body, headers: headers);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Platform.Dispose();
        Key.Dispose();
    }
}
