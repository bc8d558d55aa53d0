using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.AuthorizationServer.Clients;

/// <summary>How an administrator wants an API to be told security events.</summary>
/// <param name="Delivery"><c>none</c>, <c>poll</c> or <c>push</c>.</param>
/// <param name="Url">Where they are posted, in the form of <see cref="ClientEvents"/>; with <c>push</c> and only with it.</param>
public sealed record WantedEvents(string Delivery, string? Url)
{
    /// <param name="audience">The API that the client is; null for any other client.</param>
    /// <returns>Null for none, and where errors were added.</returns>
    internal ClientEvents? Read(string? audience, List<FieldError> errors)
    {
        if (Delivery is not ("none" or "poll" or "push")) errors.Add(new("events.delivery", FieldErrorCode.BadValue, "events.delivery must be none, poll or push."));
        else if (Delivery != "none" && audience is null) errors.Add(new("events", FieldErrorCode.BadValue, "Only a client that is an API (audience) is told security events."));
        else if ((Delivery == "push") != Url is not null) errors.Add(new("events.url", FieldErrorCode.BadValue, "events.url belongs to push: give both, or another delivery without it."));
        else if (Url is not null && !ClientEvents.IsAcceptable(Url)) errors.Add(new("events.url", FieldErrorCode.BadValue, $"events.url must be {ClientEvents.Rule}."));
        else return Delivery == "none" ? null : new ClientEvents(Url);
        return null;
    }
}
