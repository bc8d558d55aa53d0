using Symbolon.AuthorizationServer.Clients;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.SecurityEvents;
using Symbolon.Core.Snapshot;

namespace Symbolon.AuthorizationServer.SecurityEvents;

/// <summary>Whether and how an API is told security events, and how it goes. Every change, made or refused, is a record.</summary>
public sealed class EventsDesk(IConfigurationStore store, ISecurityEventStore events, ChangeDesk desk)
{
    private const int MostState = 128;

    /// <summary>Changes how it is told. What waits goes to the new address; to one that is told nothing any more it is lost.</summary>
    /// <param name="expected">The version that the caller saw, or null.</param>
    public async Task<Result<RegisteredClientResult>> SetAsync(Requester requester, string name, WantedEvents wanted, string? reason, long? expected, CancellationToken cancellation)
    {
        var key = ClientObject.KeyOf(name);
        var note = new ChangeNote("set events", key.ToString()) { Reason = reason };
        if (await store.FindObjectAsync(requester.Organisation, key, cancellation) is not { Item: ClientObject client, Version: var version })
            return await desk.RefuseAsync(requester, note, ChangeError.NotFound($"client {name}"));
        if (expected is { } seen && seen != version) return await desk.RefuseAsync(requester, note, ChangeError.Stale(version));
        if (client.State == Lifecycle.Retired) return await desk.RefuseAsync(requester, note, ChangeError.Conflict("retired", $"Client {name} is retired for good."));
        var errors = new List<FieldError>();
        var next = client with { Events = wanted.Read(client.Audience, errors) };
        if (errors.Count > 0) return await desk.RefuseAsync(requester, note, ChangeError.Invalid(errors));
        var done = await desk.CommitAsync(requester, note with { ObjectVersion = version + 1 }, [new Change.PutObject(key, version, next)], cancellation);
        return done.Select(_ => new RegisteredClientResult(next, version + 1, null));
    }

    /// <summary>Has it told a verification event (SSF 1.0 §8.1.4.1), by the way that every event goes.</summary>
    /// <param name="state">A text that comes back in the event, or null.</param>
    /// <returns>The event's <c>jti</c>.</returns>
    public async Task<Result<string>> TestAsync(Requester requester, string name, string? state, string? reason, CancellationToken cancellation)
    {
        var key = ClientObject.KeyOf(name);
        var note = new ChangeNote("try events", key.ToString()) { Reason = reason };
        if (state is { Length: > MostState } || state?.AsSpan().ContainsAnyExceptInRange(' ', '~') == true)
            return await desk.RefuseAsync(requester, note, ChangeError.Invalid("state", FieldErrorCode.BadValue, $"state must be at most {MostState} printable ASCII characters."));
        if (await store.FindObjectAsync(requester.Organisation, key, cancellation) is not { Item: ClientObject client }) return await desk.RefuseAsync(requester, note, ChangeError.NotFound($"client {name}"));
        if (client.Events is null || client.State == Lifecycle.Retired)
            return await desk.RefuseAsync(requester, note, ChangeError.Conflict("no_events", $"Client {name} is told no security events: symbolon client events {name} --set poll, or an address."));
        var test = new Change.TestEvents(name, state ?? "");
        return (await desk.CommitAsync(requester, note, [test], cancellation)).Select(_ => test.Id);
    }

    /// <returns>The client, and how it goes; null for that where it is told nothing. Null where there is no such client.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<(ClientObject Client, SecurityEventState? State)?> ShowAsync(OrganisationId organisation, string name, CancellationToken cancellation) =>
        await store.FindObjectAsync(organisation, ClientObject.KeyOf(name), cancellation) is { Item: ClientObject client }
            ? (client, await events.StateAsync(organisation, name, cancellation)) : null;
}
