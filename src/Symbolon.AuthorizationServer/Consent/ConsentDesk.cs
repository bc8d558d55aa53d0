using System.Security.Cryptography;
using System.Text;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.AuthorizationServer.Families;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;
using Symbolon.AuthorizationServer.Login;
using Symbolon.AuthorizationServer.Requests;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.OAuth.Proofs;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;

namespace Symbolon.AuthorizationServer.Consent;

/// <summary>What a person may give a client, what was given before, and the code for what is given now.</summary>
internal sealed class ConsentDesk(IAuthorizationStore store, ScopeDecision scopes, Family family, EventClock events, TimeProvider clock)
{
    private const long PerSecond = 1_000_000;
    private const long CodeLife = 60 * PerSecond;
    private const int Page = 100;

    /// <summary>To be taken before the person is looked up: whatever is revoked from then on is later than what is given.</summary>
    public long Stamp() => events.Next();

    /// <returns>What this request asks for and the person has; an error says why there is nothing.</returns>
    public OAuthOutcome<ConsentOffer> Offered(AuthorizationRequest request, PersonSession person)
    {
        var holder = request.Client.For(person.Person);
        if (scopes.Decide(person.Organisation, holder, request.Asked).Failed(out var why, out var decided)) return why;
        var tools = scopes.Tools(person.Organisation, holder, decided.Access, request.Asked.Limits);
        var (prompts, resources) = scopes.Features(person.Organisation, holder, decided.Access, request.Asked.Limits);
        var offer = new ConsentOffer(tools, decided.Limits, prompts, resources);
        return offer.IsNothing ? OAuthError.InvalidScope("No live grant allows any of these scopes.") : offer;
    }

    /// <summary>
    /// What this person allowed this client on this server before, if it covers all of <paramref name="offer"/>. Never where any program on the person's
    /// machine could pose as the client: then the page is the only thing that tells the person (RFC 8252 §8.6).
    /// </summary>
    public async Task<Authorization?> RememberedAsync(AuthorizationRequest request, PersonSession person, ConsentOffer offer, CancellationToken cancellation)
    {
        if (request.AsksAgain || (request.Client.IsPublic && !RedirectUri.IsOfOneSite(request.Answer.RedirectUri))) return null;
        var holder = request.Client.For(person.Person);
        var known = await store.ListAsync(
            person.Organisation, new AuthorizationQuery { User = person.Person, Client = request.Client.Id, Server = request.Asked.Resource.Server }, after: null, clock.Microseconds(), Page, cancellation);
        var host = RedirectUri.HostOf(request.Answer.RedirectUri);
        var alike = known.Where(each => each.Resource == request.Asked.Resource && each.Holder == holder && each.RedirectHost == host
            && offer.IsWithin(each) && IsGivenStill(each));
        // One of exactly the same first: a code of that needs no authorization of its own.
        foreach (var each in alike.OrderByDescending(offer.IsAllOf))
            if (await family.IsAliveAsync(each)) return each;
        return null;

        // Of a grant that was revoked since, the person is asked anew.
        bool IsGivenStill(Authorization before) =>
            scopes.Tools(person.Organisation, holder, before.Access, request.Asked.Limits, before.CreatedAt) is var left && offer.Tools.All(left.Contains)
            && scopes.Features(person.Organisation, holder, before.Access, request.Asked.Limits, before.CreatedAt) is var (prompts, resources) && (prompts || !offer.Prompts) && (resources || !offer.Resources);
    }

    /// <summary>
    /// A code of what was given before. It hangs on that authorization where it is of exactly these tools and resources, with its time of consent and its
    /// end: what ended, or ends in this moment, is over for this code too. Less is an authorization of its own.
    /// </summary>
    /// <returns>The code; null when the request was answered before, or what was given has run out.</returns>
    public async Task<string?> GiveAgainAsync(AuthorizationRequest request, PersonSession person, Authorization known, ConsentOffer offer, long stamp, string? peer)
    {
        if (!offer.IsAllOf(known)) return await GiveAsync(request, person, offer, stamp, known.ExpiresAt, form: null, peer);
        var (text, code) = CodeOf(request, known);
        return await WriteAsync(request, person, new AuthorizationWrite.Again(code), known, form: null, peer) ? text : null;
    }

    /// <param name="given">What is allowed; not nothing.</param>
    /// <param name="stamp">Of <see cref="Stamp"/>.</param>
    /// <param name="endsAt">Microseconds since the Unix epoch.</param>
    /// <param name="form">The question that was answered; null where nobody had to be asked.</param>
    /// <returns>The code; null when the question, or the pushed request, was answered before.</returns>
    public async Task<string?> GiveAsync(AuthorizationRequest request, PersonSession person, ConsentOffer given, long stamp, long endsAt, ProofUse? form, string? peer)
    {
        var authorization = new Authorization
        {
            Id = AuthorizationId.Create(),
            Organisation = person.Organisation,
            Holder = request.Client.For(person.Person),
            Client = request.Client.Id,
            ClientName = request.Client.Name,
            RedirectHost = RedirectUri.HostOf(request.Answer.RedirectUri),
            Origin = request.Asked.Resource.Origin,
            Access = new ServerAccess
            {
                Server = request.Asked.Resource.Server,
                Tools = [.. given.Tools.Select(tool => tool.Name)],
                AllPrompts = given.Prompts,
                AllResources = given.Resources,
            },
            Limits = given.Limits,
            CreatedAt = stamp,
            ExpiresAt = endsAt,
        };
        var (text, code) = CodeOf(request, authorization);
        return await WriteAsync(request, person, new AuthorizationWrite.Grant(authorization, code), authorization, form, peer) ? text : null;
    }

    /// <summary>The person said no.</summary>
    /// <param name="form">The question that was answered.</param>
    /// <returns>False when it was answered before.</returns>
    public async Task<bool> RefuseAsync(AuthorizationRequest request, PersonSession person, ProofUse form, string? peer)
    {
        var record = RecordOf(request, person, "consent refused by the person", peer);
        record.Allowed = false;
        return await store.WriteAsync(person.Organisation, new AuthorizationWrite.Refuse { Pushed = request.Pushed?.Hash }, [form], [record], CancellationToken.None) == AuthorizationCommit.Done;
    }

    private (string Text, AuthorizationCode Code) CodeOf(AuthorizationRequest request, Authorization authorization)
    {
        var text = Base64Url.Encode(RandomNumberGenerator.GetBytes(32));
        return (text, new AuthorizationCode
        {
            Hash = TokenHash.Of(Encoding.ASCII.GetBytes(text)),
            Authorization = authorization.Id,
            Client = request.Client.Id,
            RedirectUri = request.Answer.RedirectUri,
            Challenge = request.Challenge,
            Key = request.Key,
            ExpiresAt = clock.Microseconds() + CodeLife,
        });
    }

    private async Task<bool> WriteAsync(AuthorizationRequest request, PersonSession person, AuthorizationWrite write, Authorization authorization, ProofUse? form, string? peer)
    {
        var record = RecordOf(request, person, form is null ? "consent remembered" : "consent", peer);
        record.Scope = Scopes.ForRecord(authorization.Access, authorization.Limits);
        record.Target = $"Authorization/{authorization.Id}";
        return await store.WriteAsync(person.Organisation, write with { Pushed = request.Pushed?.Hash }, form is null ? [] : [form], [record], CancellationToken.None) == AuthorizationCommit.Done;
    }

    private AuditEvent RecordOf(AuthorizationRequest request, PersonSession person, string action, string? peer)
    {
        var holder = request.Client.For(person.Person);
        return new AuditEvent
        {
            Kind = AuditKind.Consent,
            Organisation = person.Organisation,
            Time = clock.Microseconds(),
            By = person.Person.Value,
            Peer = peer,
            User = holder.User?.Value,
            Agent = holder.Agent?.Value,
            Workflow = holder.Workflow?.Value,
            Server = request.Asked.Resource.Server.Value,
            Action = action,
            Reason = $"asked by {request.Client.Id}",
            Allowed = true,
        };
    }
}
