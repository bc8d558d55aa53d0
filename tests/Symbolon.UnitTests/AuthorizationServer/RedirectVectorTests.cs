using Symbolon.AuthorizationServer.Clients;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.UnitTests.OAuth;

namespace Symbolon.UnitTests.AuthorizationServer;

/// <summary>Redirect URIs among the addresses by which browsers are tested, on which readers of addresses differ.</summary>
[Trait("area", "oauth")]
[Trait("clause", "IDENTITY.md §5 no. 8")]
[Trait("hostile", "redirect")]
public sealed class RedirectVectorTests
{
    [Fact]
    public async Task None_of_them_is_taken_for_a_registered_one_however_it_is_joined_to_it()
    {
        await using var flow = await CodeFlow.StartAsync();
        var count = 0;
        foreach (var input in UrlVectors.Read().Select(vector => vector.Input).Where(input => input.Length > 0).Distinct(StringComparer.Ordinal))
            foreach (var redirect in new[] { input, CodeFlow.Web + input, input + CodeFlow.Web, "https://app.example.com" + input, CodeFlow.Web + "/../" + input })
            {
                var answer = await flow.AuthorizeAsync(("client_id", "web"), ("redirect_uri", redirect));
                Assert.True((answer.Status, CodeFlow.Location(answer)) == (400, ""), $"{redirect}: {answer.Status} {CodeFlow.Location(answer)}");
                count++;
            }
        Assert.InRange(count, 2500, 5000);
    }

    /// <summary>Else the consent page would name another host than the one that the browser then goes to.</summary>
    [Fact]
    public async Task One_that_a_client_may_register_leads_browsers_to_the_host_that_a_person_is_shown()
    {
        await using var flow = await CodeFlow.StartAsync();
        var accepted = 0;
        foreach (var (input, href) in UrlVectors.Read().SelectMany(vector => new[] { vector, Secured(vector) }))
        {
            // What browsers refuse leads nowhere.
            if (href is null || (!input.StartsWith("http:", StringComparison.Ordinal) && !input.StartsWith("https:", StringComparison.Ordinal))) continue;
            var order = new NewClient($"client-{accepted}", "owner@example.com", null, null, [], LegacySecret: false, Reason: null, [input]);
            if (await flow.Host.Get<ClientDesk>().RegisterAsync(new Requester(OrganisationId.Default, "admin"), order, CancellationToken.None) is not Result<RegisteredClientResult>.Done) continue;
            Assert.Equal(200, (await flow.AuthorizeAsync(("client_id", order.Name), ("redirect_uri", input))).Status);
            Assert.Equal(new Uri(href).Authority, flow.Host.Pages.Asked!.RedirectHost);
            accepted++;
        }
        Assert.InRange(accepted, 10, 400);
    }

    /// <summary>The same under https, of which most may be registered; but not where the port of http is left out of what browsers make of it.</summary>
    private static (string, string?) Secured((string Input, string? Href) vector) => vector.Input.StartsWith("http://", StringComparison.Ordinal) && !vector.Input.Contains(":80", StringComparison.Ordinal)
        ? ("https" + vector.Input["http".Length..], vector.Href is { } href && href.StartsWith("http://", StringComparison.Ordinal) ? "https" + href["http".Length..] : null) : vector;
}
