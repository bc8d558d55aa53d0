using Microsoft.AspNetCore.Authentication;
using Symbolon.Client.Revocation;
using Symbolon.Client.Verification;

namespace Symbolon.Client.AspNetCore.Authentication;

/// <summary>What both schemes have to know.</summary>
public abstract class SymbolonSchemeOptions : AuthenticationSchemeOptions
{
    /// <summary>The address of Symbolon: https, or http on loopback. Required.</summary>
    public Uri? Issuer { get; set; }

    /// <summary>Whether every proof needs a nonce of ours. Default false: only those that could be older than this process.</summary>
    public bool AlwaysNonce { get; set; }

    /// <summary>Proofs that are remembered of 70 seconds, about 100 bytes each. 1,000 to 10,000,000, default 400,000; one key may take half of it.</summary>
    public int ProofsRemembered { get; set; } = 400_000;

    /// <summary>To speak to Symbolon with: one that follows no redirects. Default: one that is made.</summary>
    public HttpClient? Backchannel { get; set; }

    /// <summary>The origin that clients call, in front of the path that arrives here: proofs are for that address, whatever the header <c>Host</c> says.</summary>
    internal abstract string Origin { get; }

    internal abstract AccessTokenVerifierOptions Verification { get; }

    /// <summary>Null where none is read.</summary>
    internal abstract RevocationFeedOptions? Feed { get; }

    public override void Validate()
    {
        base.Validate();
        if (Issuer is null) throw new ArgumentException("Issuer is missing: the address of Symbolon.");
    }

    private protected static Uri Absolute(string? address, string name) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            ? url : throw new ArgumentException($"{name} must be an https address, or http on loopback.");
}

/// <summary>How an API takes tokens.</summary>
public sealed class SymbolonApiOptions : SymbolonSchemeOptions
{
    /// <summary>As in <c>credential.audience</c> of the servers that call: what tokens must be for. Required.</summary>
    public string? Audience { get; set; }

    /// <summary>What stands before the path that arrives here, where a proxy cuts something off. Default: the origin of <see cref="Audience"/>.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>The API as a client of Symbolon: <c>symbolon client create NAME --audience URL --key FILE</c>. By it revocations are read. Required.</summary>
    public string? ClientId { get; set; }

    /// <summary>The private key of that client; made where there is none. Required.</summary>
    public string? KeyFile { get; set; }

    public override void Validate()
    {
        base.Validate();
        Absolute(Audience, nameof(Audience));
        if (PublicUrl is not null) Absolute(PublicUrl, nameof(PublicUrl));
        if (string.IsNullOrEmpty(ClientId) || string.IsNullOrEmpty(KeyFile)) throw new ArgumentException("ClientId and KeyFile are missing, by which revocations are read.");
    }

    internal override string Origin => PublicUrl?.TrimEnd('/') ?? Absolute(Audience, nameof(Audience)).GetLeftPart(UriPartial.Authority);

    internal override AccessTokenVerifierOptions Verification => new() { Issuer = Issuer!, Audience = Audience!, AlwaysNonce = AlwaysNonce, ProofsRemembered = ProofsRemembered };

    internal override RevocationFeedOptions? Feed => new() { Symbolon = Issuer!, ClientId = ClientId!, KeyFile = KeyFile! };
}

/// <summary>How an MCP server takes the gateway's calls. They were decided a moment ago and live for minutes, so no feed is read.</summary>
public sealed class SymbolonServerOptions : SymbolonSchemeOptions
{
    /// <summary>This server's own address, as in <c>spec.upstream.url</c>. Required.</summary>
    public string? Url { get; set; }

    /// <summary>This server's name in Symbolon. Required.</summary>
    public string? Server { get; set; }

    public override void Validate()
    {
        base.Validate();
        Absolute(Url, nameof(Url));
        if (string.IsNullOrEmpty(Server)) throw new ArgumentException("Server is missing: the name of this server in Symbolon.");
    }

    internal override string Origin => Absolute(Url, nameof(Url)).GetLeftPart(UriPartial.Authority);

    internal override AccessTokenVerifierOptions Verification => new() { Issuer = Issuer!, Audience = Url!, Server = Server, AlwaysNonce = AlwaysNonce, ProofsRemembered = ProofsRemembered };

    internal override RevocationFeedOptions? Feed => null;
}
