using Symbolon.Core.Identity;

namespace Symbolon.Core.OAuth;

/// <summary>
/// Signs what the gateway shows to a foreign token endpoint (<c>credential.at</c>), in this process: the keys stay with the authorization server. Neither kind is an access token:
/// nothing of ours takes it for one, and it is good for a minute, at one address.
/// </summary>
public interface IForeignAssertions
{
    /// <summary>Says on whose behalf, through whom (RFC 7523 §2.1, RFC 8693 §2.1).</summary>
    /// <returns>Null when there is no key to sign with at this moment.</returns>
    string? OfCaller(ForeignAssertionOrder order, TokenRecord caller);

    /// <summary>Says who asks: the client itself (RFC 7523 §2.2, <c>private_key_jwt</c>).</summary>
    /// <returns>Null when there is no key to sign with at this moment.</returns>
    string? OfClient(ForeignAssertionOrder order, string client);
}

/// <param name="Issuer">A public origin.</param>
/// <param name="Audience">The token endpoint, letter by letter as the approved file says.</param>
public sealed record ForeignAssertionOrder(OrganisationId Organisation, string Issuer, string Audience);
