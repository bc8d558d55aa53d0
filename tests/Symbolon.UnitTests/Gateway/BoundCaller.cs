using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Symbolon.Core.Identity;
using Symbolon.Core.Keys;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Jose;
using Symbolon.Jose.Proofs;
using Symbolon.Jose.Signatures;
using Symbolon.Testing.Fakes;
using Symbolon.Testing.OAuth;

namespace Symbolon.UnitTests.Gateway;

/// <summary>The gateway, a client's key, and a token that is bound to it.</summary>
public abstract class BoundCaller : IDisposable
{
    protected const string Url = FakeOrigins.Origin + "/mcp/deploy";
    protected const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private readonly Es256SigningKey signer = Es256SigningKey.Generate();

    protected BoundCaller()
    {
        Prepare(Rig);
        Token = TokenOf(Key.Thumbprint);
    }

    protected GatewayRig Rig { get; } = new();

    protected ProofKey Key { get; } = new();

    protected string Token { get; }

    protected long Now => Rig.Now / 1_000_000;

    public void Dispose()
    {
        Rig.Dispose();
        signer.Dispose();
        Key.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static (int, string) Outcome(GatewayRig.Answered answer) => (answer.Status, answer.ErrorCode);

    protected static string Call(string tool) => "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":{}}}";

    protected string Proof() => Key.Proof("POST", Url, Now, Token);

    /// <summary>As another node with the same keys finds it.</summary>
    protected ProofUse UseOf(string proof) => Assert.IsType<ProofVerdict.Accepted>(
        new ProofValidator(new ProofNonces(new FakeSecretBox(), Rig.Clock), Rig.Clock).Check(1, proof, new ProofRequest
        {
            Organisation = OrganisationId.Default, Method = "POST", Target = ProofTarget.Of(Url),
        })).Use;

    protected Task<GatewayRig.Answered> CallAsync(string proof, string tool, GatewayRig? on = null) => BodyAsync(proof, Call(tool), on);

    protected Task<GatewayRig.Answered> BodyAsync(string proof, string body, GatewayRig? on = null) => SendAsync(body, context =>
    {
        context.Request.Headers.Authorization = "DPoP " + Token;
        context.Request.Headers["DPoP"] = proof;
    }, on);

    protected async Task<GatewayRig.Answered> SendAsync(string body, Action<HttpContext> change, GatewayRig? on = null)
    {
        var context = (on ?? Rig).ContextOf("POST", Encoding.UTF8.GetBytes(body));
        context.Request.Host = new HostString("symbolon.example.com");
        change(context);
        await (on ?? Rig).Get<ToolCallPipeline>().HandleOAuthAsync(context);
        await context.Response.BodyWriter.FlushAsync();
        return GatewayRig.Answered.Of(context);
    }

    protected void Prepare(GatewayRig to) =>
        to.Apply(new SigningKeyRing { Keys = [new SigningKey { Id = signer.PublicKey.Thumbprint.ToString(), Jwk = signer.PublicKey.ToJson(), CreatedAt = 0, ActiveFrom = 0 }] });

    protected string TokenOf(Sha256Value? bound, string id = "tok_0123456789012345678901", string? details = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = FakeOrigins.Origin, ["sub"] = "agent:bot", ["aud"] = Url, ["client_id"] = "agent:bot", ["jti"] = id, ["iat"] = Now, ["iat_us"] = Rig.Now,
            ["exp"] = Now + 600, ["scope"] = "mcp:deploy:@granted", ["authorization_id"] = "aut_0123456789012345678901",
        };
        if (bound is { } thumbprint) claims["cnf"] = new JsonObject { ["jkt"] = thumbprint.ToString() };
        if (details is not null) claims["authorization_details"] = JsonNode.Parse(details);
        return signer.Sign("at+jwt", Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }
}
