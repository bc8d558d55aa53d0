using System.Runtime.CompilerServices;
using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Resources;
using Symbolon.Core.Snapshot;
using Symbolon.Jose.Proofs;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>A server that asks for a token of its API, by one of its instances.</summary>
/// <param name="Needs">All that its tools that serve now may need; nothing goes beyond.</param>
/// <param name="KeyTerm">Of the instance's key.</param>
internal sealed record AskingServer(ServerName Name, ServerObject Server, UpstreamCredential.Exchange Credential, ResourceSet Needs, KeyTerm KeyTerm);

/// <summary>What all requests of servers for tokens are held to: their own key proved, their own API, their approved file. DESIGN.md section 4, Identities on the way.</summary>
internal sealed class ServerRequests(Configuration configuration, IPublicOrigins origins, KeyAgeRules ages, TimeProvider clock)
{
    private static readonly OAuthError NotServed = OAuthError.UnauthorizedClient("Only a server whose approved file says credential.mode exchange gets tokens for an API.");
    private static readonly OAuthError NoProof = OAuthError.ProofNeeded("A server gets bound tokens alone: send a DPoP proof with the key that signs its assertion.");
    private static readonly OAuthError OtherKey = OAuthError.InvalidProof(new ProofRefusal(ProofFault.WrongKey));
    private static readonly OAuthError TooOldByPlatform = OAuthError.InvalidClient("The key is older than it may get. Its platform vouches for the next one: make a new key, and enrol it at POST /oauth/enroll under the same name.");
    private static readonly OAuthError TooOld = OAuthError.InvalidClient("The key is older than it may get. It still vouches for the one that takes its place: POST /oauth/rotate.");
    private static readonly OAuthError OtherTarget = OAuthError.InvalidTarget("audience and resource may only be the API that the server's approved file names.");
    private static readonly OAuthError OwnTarget = OAuthError.InvalidTarget("The API that the server's file names is one of the servers here; callers get tokens for those themselves.");

    /// <summary>Of each object, once: a server exchanges for every call, and the union of ten thousand tools is work. A changed server is another object.</summary>
    private readonly ConditionalWeakTable<ServerObject, ResourceSet> needs = [];

    public OAuthOutcome<AskingServer> Open(ClientRequest request)
    {
        if (request.Client.Server is not { } name || configuration.Server(request.Organisation, name) is not { State: Lifecycle.Active } server
            || server.Approved?.Manifest.Credential is not UpstreamCredential.Exchange { File: null } credential) return NotServed;
        if (request.Key is not { } key) return NoProof;
        if (request.Proof.SignedBy != key) return OtherKey;
        if (request.Form.Audiences.Concat(request.Form.Resources).Any(target => target != credential.Audience)) return OtherTarget;
        if (ProtectedResource.TryParse(credential.Audience, origins, out _)) return OwnTarget;
        var instance = configuration.ServerKeys(request.Organisation, name)?.Instances.FirstOrDefault(each => each.Thumbprint == key.ToString());
        var term = instance is not null
            ? new KeyTerm(ages.DueAt(server.Approved.Manifest, instance), instance.ReplaceBy is not null && instance.ReplacedAt is null) : default;
        if (term.DueAt <= clock.Microseconds()) return instance?.Until is null ? TooOld : TooOldByPlatform;
        return new AskingServer(name, server, credential, NeedsOf(server), term);
    }

    /// <summary>A server that has no key itself, whose token lies in a file.</summary>
    /// <returns>Null when there is none for it now.</returns>
    public AskingServer? OpenUnbound(OrganisationId organisation, ServerName name) =>
        configuration.Server(organisation, name) is { State: Lifecycle.Active } server && server.Approved?.Manifest.Credential is UpstreamCredential.Exchange { File: not null } credential
            && !ProtectedResource.TryParse(credential.Audience, origins, out _) && NeedsOf(server) is { IsEmpty: false } needs
            ? new AskingServer(name, server, credential, needs, KeyTerm: default) : null;

    private ResourceSet NeedsOf(ServerObject server) => needs.GetValue(server, static each => each.ServingNeeds());
}
