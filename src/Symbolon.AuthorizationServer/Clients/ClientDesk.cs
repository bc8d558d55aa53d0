using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Snapshot;
using Symbolon.Jose;
using Symbolon.Jose.Keys;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>Registers clients and moves them through their lives: active ⇄ suspended → retired, which is for good. Every change, made or refused, is a record.</summary>
public sealed class ClientDesk(Configuration configuration, IConfigurationStore store, ChangeDesk desk, TimeProvider clock)
{
    private const int SecretDigits = 43;
    private const int MostKeys = 16;
    private const int MostRedirects = 16;

    public async Task<Result<RegisteredClientResult>> RegisterAsync(Requester requester, NewClient order, CancellationToken cancellation)
    {
        var note = new ChangeNote("create", ObjectName.IsValid(order.Name) ? $"Client/{order.Name}" : "Client") { Reason = order.Reason };
        var errors = new List<FieldError>();
        var keys = Check(requester.Organisation, order, errors);
        var events = order.Events?.Read(order.Audience, errors);
        if (errors.Count > 0) return await desk.RefuseAsync(requester, note, ChangeError.Invalid(errors));
        var secret = order.LegacySecret ? Base62.Random(SecretDigits) : null;
        var client = new ClientObject
        {
            Name = order.Name,
            Owner = UserEmail.Parse(order.Owner).Value,
            Agent = order.Agent is { } agent ? new AgentName(agent) : null,
            Workflow = order.Workflow is { } workflow ? new WorkflowName(workflow) : null,
            Keys = keys,
            Redirects = [.. order.Redirects ?? []],
            DpopBound = order.DpopBound,
            MustPush = order.MustPush,
            Audience = order.Audience,
            Events = events,
            SecretHash = secret is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret))),
        };
        if (configuration.Client(requester.Organisation, client.Name) is not null)
            return await desk.RefuseAsync(requester, note, ChangeError.Conflict("exists", $"Client {client.Name} exists already."));
        var done = await desk.CommitAsync(requester, note with { ObjectVersion = 1 }, [new Change.PutObject(client.Key, 0, client)], cancellation);
        return done.Select(_ => new RegisteredClientResult(client, 1, secret));
    }

    /// <param name="to">Suspended, active again, or retired.</param>
    /// <returns>The client; <c>retired</c> and <c>wrong_state</c> where it cannot go there.</returns>
    public async Task<Result<RegisteredClientResult>> MoveAsync(Requester requester, string name, string action, Lifecycle to, string? reason, CancellationToken cancellation)
    {
        var key = ClientObject.KeyOf(name);
        var note = new ChangeNote(action, key.ToString()) { Reason = reason };
        if (await store.FindObjectAsync(requester.Organisation, key, cancellation) is not { Item: ClientObject client, Version: var version })
            return await desk.RefuseAsync(requester, note, ChangeError.NotFound($"client {name}"));
        if (client.State == Lifecycle.Retired) return await desk.RefuseAsync(requester, note, ChangeError.Conflict("retired", $"Client {name} is retired for good."));
        var expected = to == Lifecycle.Active ? Lifecycle.Suspended : Lifecycle.Active;
        if (to != Lifecycle.Retired && client.State != expected)
            return await desk.RefuseAsync(requester, note, ChangeError.Conflict("wrong_state", $"Client {name} is {client.State.ToText()}; only one that is {expected.ToText()} can do that."));
        var next = client with { State = to, LastChange = new StateChange { By = requester.By, At = clock.Microseconds(), Reason = reason } };
        var done = await desk.CommitAsync(requester, note with { ObjectVersion = version + 1 }, [new Change.PutObject(key, version, next)], cancellation);
        return done.Select(_ => new RegisteredClientResult(next, version + 1, null));
    }

    private ImmutableArray<string> Check(OrganisationId organisation, NewClient order, List<FieldError> errors)
    {
        if (!ObjectName.IsValid(order.Name)) errors.Add(new("name", FieldErrorCode.BadName, $"name must be {ObjectName.Rule}."));
        if (!UserEmail.TryParse(order.Owner, out _)) errors.Add(new("owner", FieldErrorCode.BadValue, $"owner must be {UserEmail.Rule}."));
        CheckKind(order, errors);
        if (order.Agent is { } agent && configuration.Agent(organisation, new AgentName(agent)) is not { State: not Lifecycle.Retired })
            errors.Add(new("agent", FieldErrorCode.UnknownReference, "There is no such agent."));
        if (order.Workflow is { } workflow && configuration.Workflow(organisation, new WorkflowName(workflow)) is not { State: not Lifecycle.Retired })
            errors.Add(new("workflow", FieldErrorCode.UnknownReference, "There is no such workflow."));
        if (order.Keys.Count > MostKeys) errors.Add(new("keys", FieldErrorCode.TooMany, $"keys may have at most {MostKeys} items."));
        var keys = ReadKeys(order.Keys.Take(MostKeys), errors);
        // Whoever holds it would be the server to us, and this client too.
        if (PublicKeys.Thumbprints(keys).Any(key => configuration.IsInstanceKey(organisation, key)))
            errors.Add(new("keys", FieldErrorCode.BadValue, "One of the keys is a server instance's already. A key is one holder's alone: make another one for this client."));
        return keys;
    }

    /// <summary>A client is somebody itself, or acts for people, or both; who can prove itself by nothing is nobody itself.</summary>
    private static void CheckKind(NewClient order, List<FieldError> errors)
    {
        var redirects = order.Redirects ?? [];
        var isSomebody = order.Agent is not null || order.Workflow is not null;
        if (order.Agent is not null && order.Workflow is not null) errors.Add(new("agent", FieldErrorCode.BadValue, "Name one of agent and workflow, not both."));
        CheckAudience(order, isSomebody || redirects.Count > 0, errors);
        if (redirects.Count == 0 && !isSomebody && order.Audience is null) errors.Add(new("agent", FieldErrorCode.BadValue, "Name the agent or workflow that the client is when it acts for itself, or redirects for one that acts for people."));
        if (order.LegacySecret && order.Keys.Count > 0) errors.Add(new("keys", FieldErrorCode.BadValue, "Give public keys, or a legacy secret to a client that can sign nothing; not both."));
        if (!order.LegacySecret && order.Keys.Count == 0 && (isSomebody || redirects.Count == 0))
            errors.Add(new("keys", FieldErrorCode.BadValue, "Give public keys: without any, anybody could pose as it. A client that can sign nothing may have a legacy secret instead."));
        if (redirects.Count > MostRedirects) errors.Add(new("redirects", FieldErrorCode.TooMany, $"redirects may have at most {MostRedirects} items."));
        if (order.MustPush && redirects.Count == 0) errors.Add(new("pushedOnly", FieldErrorCode.BadValue, "Only a client with redirects has authorization requests to push."));
        foreach (var (i, redirect) in redirects.Take(MostRedirects).Index())
        {
            if (!RedirectUri.IsAcceptable(redirect)) errors.Add(new($"redirects[{i}]", FieldErrorCode.BadValue, $"redirects[{i}] must be {RedirectUri.Rule}."));
            else if (redirects.Take(i).Contains(redirect)) errors.Add(new($"redirects[{i}]", FieldErrorCode.Duplicate, $"redirects[{i}] is given twice."));
        }
    }

    /// <summary>An API is asked with tokens, and asks for none.</summary>
    private static void CheckAudience(NewClient order, bool asksForTokens, List<FieldError> errors)
    {
        if (order.Audience is not { } audience) return;
        if (!ApiAudience.IsAcceptable(audience, out var why)) errors.Add(new("audience", FieldErrorCode.BadValue, $"audience {why}."));
        if (asksForTokens) errors.Add(new("audience", FieldErrorCode.BadValue, "A client that is an API (audience) gets no tokens: leave agent, workflow and redirects out."));
    }

    private static ImmutableArray<string> ReadKeys(IEnumerable<string> texts, List<FieldError> errors)
    {
        var keys = new List<Jwk>();
        foreach (var (i, text) in texts.Index())
        {
            if (Jwk.Parse(Encoding.UTF8.GetBytes(text), out var key) is var error and not JoseError.None)
                errors.Add(new($"keys[{i}]", FieldErrorCode.BadValue, error == JoseError.PrivateKey
                    ? $"keys[{i}] is a private or symmetric key. Give the public one, and take this one for lost." : $"keys[{i}] is no public key that is supported (RFC 7517; P-256, P-384 or RSA)."));
            else if (VerificationKey.Import(key!) is null) errors.Add(new($"keys[{i}]", FieldErrorCode.BadValue, $"keys[{i}] is no point of its curve."));
            else if (keys.Any(other => other.Thumbprint == key!.Thumbprint || (other.KeyId is not null && other.KeyId == key.KeyId)))
                errors.Add(new($"keys[{i}]", FieldErrorCode.Duplicate, $"keys[{i}], or its kid, is given twice."));
            else keys.Add(key!);
        }
        return [.. keys.Select(key => key.ToJson())];
    }
}
