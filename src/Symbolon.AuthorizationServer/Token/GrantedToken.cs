using Symbolon.AuthorizationServer.Issuing;
using Symbolon.Core.OAuth.Authorizations;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>What a grant has decided.</summary>
/// <param name="RefreshToken">To be answered beside the access token; null for none.</param>
/// <param name="Step">What has to be written in the same transaction as the record; null for nothing.</param>
internal sealed record GrantedToken(IssueOrder Order, string? RefreshToken = null, AuthorizationWrite? Step = null);
