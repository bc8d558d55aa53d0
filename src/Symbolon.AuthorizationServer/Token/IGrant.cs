using Symbolon.AuthorizationServer.Entry;
using Symbolon.AuthorizationServer.Forms;

namespace Symbolon.AuthorizationServer.Token;

/// <summary>One grant type of the token endpoint. A new one is one more class, registered in <see cref="AuthorizationServerServices"/>.</summary>
internal interface IGrant
{
    /// <summary>The value of <c>grant_type</c>.</summary>
    string Type { get; }

    /// <summary>Decides what token this client gets, and writes nothing; but a secret that is shown twice ends its family here. May be asked again for the same request when what it found was changed meanwhile.</summary>
    Task<OAuthOutcome<GrantedToken>> DecideAsync(ClientRequest request);
}
