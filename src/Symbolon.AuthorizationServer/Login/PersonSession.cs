using Symbolon.Core.Identity;

namespace Symbolon.AuthorizationServer.Login;

/// <param name="Person">The e-mail address that is the subject of what this person consents to.</param>
/// <param name="Session">SHA-256 of the browser's secret: what a consent form is bound to.</param>
/// <param name="SignedInAt">Microseconds since 1970, UTC: for <c>max_age</c> and <c>prompt=login</c>.</param>
public sealed record PersonSession(OrganisationId Organisation, UserEmail Person, TokenHash Session, long SignedInAt);
