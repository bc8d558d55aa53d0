using System.Text.Json.Nodes;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Jose;
using Symbolon.Jose.Signatures;
using Symbolon.Registry.Credentials;
using Symbolon.Testing.OAuth;
using Symbolon.UnitTests.Admin;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Server deploy in mode exchange, with tools that say what they need, and its instance, which comes with its key.</summary>
internal sealed class ServerRig : IAsyncDisposable
{
    public const string Api = "https://k8s.example.com";
    public const string Upstream = "http://127.0.0.1:7001/mcp";
    public const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    public const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";

    public static readonly ServerName Deploy = new("deploy");
    public static readonly Requester Admin = new(OrganisationId.Default, "admin");
    public static readonly Holder AliceByBot = new() { User = UserEmail.Parse("alice@example.com"), Agent = new AgentName("bot") };

    private ServerRig(OAuthHost host) => Host = host;

    public OAuthHost Host { get; }

    /// <summary>The key of the instance.</summary>
    public ProofKey Key { get; } = new();

    /// <summary>A key that our tokens may be signed with, to make those that we would not.</summary>
    public Es256SigningKey Forger { get; } = Es256SigningKey.Generate();

    public static async Task<ServerRig> StartAsync(bool enrols = true)
    {
        var rig = new ServerRig(await OAuthHost.StartAsync());
        var jwk = rig.Forger.PublicKey;
        var ring = rig.Host.Configuration.SigningKeys(OrganisationId.Default);
        rig.Host.Apply(new SigningKeyRing { Keys = [.. ring.Keys, new SigningKey { Id = jwk.Thumbprint.ToString(), Jwk = jwk.ToJson(), CreatedAt = 0, ActiveFrom = long.MaxValue }] });
        rig.Put(ServerOf());
        if (!enrols) return rig;
        var answer = await rig.EnrolAsync(await rig.CodeAsync(), rig.Key);
        Assert.True(answer.Status == 201, answer.Text);
        return rig;
    }

    /// <summary>look reads its namespace, drop deletes releases of one, mute says nothing of what it needs.</summary>
    public static ServerObject ServerOf(Lifecycle state = Lifecycle.Active, params (string Tool, string Action, string Resource)[] tools) => new()
    {
        Name = Deploy,
        State = state,
        Approved = new ManifestVersion
        {
            Number = 1, AppliedBy = "a", AppliedAt = 0,
            Manifest = new ServerManifest
            {
                Owner = "owner@example.com",
                Upstream = new UpstreamAddress.Http { Url = new Uri(Upstream) },
                Credential = new UpstreamCredential.Exchange { Audience = Api },
                Tools =
                [
                    .. (tools.Length > 0 ? tools : [("look", "read", "cluster:prod/namespace:*/**"), ("drop", "delete", "cluster:prod/namespace:checkout/release/*")]).Select(tool =>
                        new ManifestTool { Name = new ToolName(tool.Item1), Effect = Core.Tools.Effect.Read, Needs = [new ResourceNeed([tool.Item2], ResourcePattern.Parse(tool.Item3, out _)!)] }),
                    new ManifestTool { Name = new ToolName("mute"), Effect = Core.Tools.Effect.Read },
                ],
            },
        },
    };

    public void Put(ServerObject server) => Host.Apply(server);

    /// <summary>A code as an administrator gets it.</summary>
    public async Task<string> CodeAsync(string? instance = null, ServerName? server = null) => Assert.IsType<Result<NewEnrolment>.Done>(
        await Host.Get<EnrolmentDesk>().CreateAsync(Admin, server ?? Deploy, instance, null, CancellationToken.None)).Value.Secret;

    public Task<Answer> EnrolAsync(string code, ProofKey key, string? instance = null, string? proof = null) => PostAsync("/oauth/enroll", key, proof, ("code", code), ("instance", instance));

    /// <summary>The old key vouches for the next one.</summary>
    public Task<Answer> RotateAsync(ProofKey old, ProofKey? next, string? assertion = null, string? proof = null) =>
        PostAsync("/oauth/rotate", next, proof, ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", assertion ?? Voucher(old, next ?? old)));

    /// <summary>An assertion that names the key for which it vouches.</summary>
    public string Voucher(ProofKey by, ProofKey named)
    {
        var claims = Host.Claims("server:deploy");
        claims["cnf"] = new System.Text.Json.Nodes.JsonObject { ["jkt"] = named.Thumbprint.ToString() };
        return by.Assert(claims);
    }

    /// <summary>What an instance asks the token endpoint, proved in both ways; each parameter can be replaced, or left out by null.</summary>
    public Task<Answer> AskAsync(ProofKey? key, params (string Name, string? Value)[] more) => AskAsync(key ?? Key, key ?? Key, more);

    public Task<Answer> AskAsync(ProofKey signer, ProofKey? prover, params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] usual =
        [
            ("grant_type", "client_credentials"), ("client_assertion_type", OAuthHost.AssertionType), ("client_assertion", signer.Assert(Host.Claims("server:deploy"))),
        ];
        return PostAsync("/oauth/token", prover, null, [.. usual.Where(each => !more.Any(other => other.Name == each.Name)), .. more]);
    }

    public Task<Answer> ExchangeAsync(string subject, params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] usual = [("grant_type", Exchange), ("subject_token", subject), ("subject_token_type", AccessToken)];
        return AskAsync(Key, [.. usual.Where(each => !more.Any(other => other.Name == each.Name)), .. more]);
    }

    /// <summary>What the gateway shows to the server with a call.</summary>
    public string CallToken(string tool = "look", string? resource = "cluster:prod/namespace:shop/**", Func<CallTokenOrder, CallTokenOrder>? change = null, Holder? holder = null, TokenRecord? caller = null)
    {
        var order = new CallTokenOrder(OrganisationId.Default, OAuthHost.Issuer, Deploy, Upstream, Sha256Value.Of("gateway"u8))
        {
            Caller = caller ?? Caller(holder ?? AliceByBot),
            Tool = new ToolName(tool),
            Needs = resource is null ? null : ResourceSet.Of([new ResourceNeed([tool == "drop" ? "delete" : "read"], ResourcePattern.Parse(resource, out _)!)]),
        };
        return Host.Get<ICallTokens>().Issue(change is null ? order : change(order))!;
    }

    public TokenRecord Caller(Holder holder) => new()
    {
        Id = TokenId.New(), Organisation = OrganisationId.Default, Kind = holder.TokenKind, Holder = holder, Servers = [new ServerAccess { Server = Deploy, Granted = true }],
        IssuedAt = Core.UnixTime.Microseconds(Host.Clock), ExpiresAt = Core.UnixTime.FromSeconds(Host.Now + 3600), IssuedBy = "test",
        OAuth = new OAuthBinding(new ClientId("cursor"), AuthorizationId.Create(), "kid", Core.UnixTime.Microseconds(Host.Clock)),
    };

    /// <summary>A call token with members replaced, or left out by null, and signed again.</summary>
    public string Forge(string token, string change)
    {
        var claims = JsonNode.Parse(OAuthHost.PayloadOf(token).GetRawText())!.AsObject();
        foreach (var member in JsonNode.Parse(change)!.AsObject())
            if (member.Value is null) claims.Remove(member.Key);
            else claims[member.Key] = member.Value.DeepClone();
        return OAuthHost.Sign(claims, Forger, "at+jwt");
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Key.Dispose();
        Forger.Dispose();
    }

    private Task<Answer> PostAsync(string path, ProofKey? prover, string? proof, params (string Name, string? Value)[] form)
    {
        var body = string.Join('&', form.Where(each => each.Value is not null).Select(each => $"{Uri.EscapeDataString(each.Name)}={Uri.EscapeDataString(each.Value!)}"));
        (string, string)[] headers = (proof ?? prover?.Proof("POST", OAuthHost.Issuer + path, Host.Now)) is { } shown ? [("DPoP", shown)] : [];
        return Host.SendAsync("POST", path, body, headers: headers);
    }
}
