using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Login;
using Symbolon.Core.Identity;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Who sits at the browser, said by the test: the cookie <c>who</c> names a person, <c>session</c> tells two browsers of one person apart.</summary>
internal sealed class FakePeople : IPersonSessions
{
    /// <summary>Microseconds since the Unix epoch.</summary>
    public long SignedInAt { get; set; }

    public bool IsBroken { get; set; }

    public ValueTask<PersonSession?> FindAsync(HttpContext http, CancellationToken cancellation)
    {
        if (IsBroken) throw new Core.Snapshot.StoreUnavailableException("The test broke the store.");
        if (http.Request.Cookies["who"] is not { } who) return ValueTask.FromResult<PersonSession?>(null);
        var session = TokenHash.Of(System.Text.Encoding.UTF8.GetBytes(who + http.Request.Cookies["session"]));
        return ValueTask.FromResult<PersonSession?>(new PersonSession(OrganisationId.Default, UserEmail.Parse(who), session, SignedInAt));
    }

    public string SignInAddress(string returnTo) => "/sign-in?to=" + Uri.EscapeDataString(returnTo);
}
