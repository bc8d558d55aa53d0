using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;
using Symbolon.AuthorizationServer.Issuing;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>One grant type of the token endpoint. A new one is one more class, registered in <see cref="AuthorizationServerServices"/>.</summary>
internal interface IGrant
{
    /// <summary>The value of <c>grant_type</c>.</summary>
    string Type { get; }

    /// <summary>Decides what token this client gets, and writes nothing.</summary>
    OAuthOutcome<AccessTokenOrder> Decide(ClientRequest request);
}
