using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.OAuth.Authorizations;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;
using Authorization = Symbolon.Core.OAuth.Authorizations.Authorization;

namespace Symbolon.ConformanceTests;

/// <summary>Consents of a running server, as the consent page leaves them.</summary>
internal static class AuthorizationStage
{
    public static async Task<AuthorizationId> AuthorizeAsync(this RunningServer server, string person, string name, string client = "some-client", string on = "shop")
    {
        var now = TimeProvider.System.Microseconds();
        var authorization = new Authorization
        {
            Id = AuthorizationId.Create(), Organisation = OrganisationId.Default, Holder = new Holder { User = UserEmail.Parse(person) }, Client = new ClientId(client), ClientName = name,
            RedirectHost = "127.0.0.1", Origin = "http://127.0.0.1", Access = new ServerAccess { Server = new ServerName(on), Tools = [new ToolName("look")] }, CreatedAt = now, ExpiresAt = now + 3_600_000_000,
        };
        var code = new AuthorizationCode
        {
            Hash = TokenHash.Of(RandomNumberGenerator.GetBytes(32)), Authorization = authorization.Id, Client = authorization.Client, RedirectUri = "http://127.0.0.1/callback", Challenge = new string('c', 43), ExpiresAt = now + 60_000_000,
        };
        var written = await server.Host.Services.GetRequiredService<IAuthorizationStore>().WriteAsync(OrganisationId.Default, new AuthorizationWrite.Grant(authorization, code), [], [], TestContext.Current.CancellationToken);
        Assert.Equal(AuthorizationCommit.Done, written);
        return authorization.Id;
    }
}
