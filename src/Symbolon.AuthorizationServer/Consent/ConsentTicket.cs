using Symbolon.Core.Identity;

namespace Symbolon.AuthorizationServer.Consent;

/// <summary>One question that was put to one person's browser.</summary>
/// <param name="Id">Good for one answer.</param>
/// <param name="Session">Of the browser that was asked.</param>
/// <param name="Origin">That the request selected.</param>
/// <param name="Parameters">Of the authorization request, to be read again.</param>
/// <param name="Pushed">What the client had pushed, and the answer uses up; null for none.</param>
/// <param name="Limits">The resources that the person was shown as the limit; null for none.</param>
/// <param name="ExpiresAt">Microseconds since the Unix epoch.</param>
internal sealed record ConsentTicket(string Id, TokenHash Session, string Origin, string Parameters, TokenHash? Pushed, string? Limits, long ExpiresAt);
