using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Revocation;
using Symbolon.Testing.Storage;

namespace Symbolon.ConformanceTests;

public sealed class SqliteDesignAuthorizationTests() : DesignAuthorizationTests(StoreKind.Sqlite);

public sealed class PostgresDesignAuthorizationTests() : DesignAuthorizationTests(StoreKind.Postgres);

/// <summary>What people let clients call, as administrators look at it and end it.</summary>
[Trait("area", "oauth")]
public abstract class DesignAuthorizationTests(StoreKind kind) : IDisposable
{
    private const string Alice = "alice@example.com";
    private const string Bob = "bob@example.com";
    private readonly TestDatabase database = TestDatabase.Create(kind);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        database.Dispose();
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Addresses")]
    public async Task They_are_listed_by_person_client_server_and_state_in_pages()
    {
        await using var server = await StartAsync();
        var ids = new List<AuthorizationId>();
        foreach (var (person, client, on) in new[] { (Alice, "cli", "shop"), (Alice, "web", "shop"), (Alice, "web", "post"), (Bob, "web", "shop"), (Bob, "https://c.example.com/x", "shop") })
            ids.Add(await server.AuthorizeAsync(person, "A client", client, on));
        Assert.Equal([4, 3, 2, 1, 0], await ListAsync(""));
        Assert.Equal([2, 1, 0], await ListAsync("?user=Alice@example.com"));
        Assert.Equal([3, 2, 1], await ListAsync("?client=web"));
        Assert.Equal([4], await ListAsync("?client=https%3A%2F%2Fc.example.com%2Fx"));
        Assert.Equal([2], await ListAsync("?server=post&state=live"));
        Assert.Empty(await ListAsync("?user=nobody"));
        Assert.Equal([4, 3, 2, 1, 0], await PagesAsync("/api/v1/authorizations?limit=2"));

        Assert.Equal(1, (await server.ChangeAsync($"/api/v1/authorizations/{ids[1]}/end")).GetProperty("ended").GetInt32());
        Assert.Equal(0, (await server.ChangeAsync($"/api/v1/authorizations/{ids[1]}/end")).GetProperty("ended").GetInt32());
        Assert.Equal([4, 3, 2, 0], await PagesAsync("/api/v1/authorizations?limit=2&state=live"));
        Assert.Equal([1], await ListAsync("?state=ended"));
        foreach (var bad in new[] { "?state=dead", "?after=5", "?agent=x" }) Assert.Equal(HttpStatusCode.BadRequest, (await server.SendAsync(HttpMethod.Get, "/api/v1/authorizations" + bad, server.AdminToken)).StatusCode);

        async Task<List<int>> ListAsync(string query) => await ReadAsync(await server.SendAsync(HttpMethod.Get, "/api/v1/authorizations" + query, server.AdminToken));

        async Task<List<int>> ReadAsync(HttpResponseMessage answer)
        {
            var found = await answer.Content.ReadFromJsonAsync<JsonElement[]>(TestContext.Current.CancellationToken);
            return [.. found!.Select(each => ids.IndexOf(new AuthorizationId(each.GetProperty("id").GetString()!)))];
        }

        async Task<List<int>> PagesAsync(string? path)
        {
            var all = new List<int>();
            while (path is not null)
            {
                using var answer = await server.SendAsync(HttpMethod.Get, path, server.AdminToken);
                all.AddRange(await ReadAsync(answer));
                path = answer.Headers.TryGetValues("Link", out var links) ? links.First().Split('<', '>')[1] : null;
            }
            return all;
        }
    }

    [Theory]
    [InlineData(Alice, null, null, 3)]
    [InlineData(null, "web", null, 3)]
    [InlineData(Alice, "web", null, 2)]
    [InlineData(Alice, "web", "post", 1)]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task All_of_a_person_a_client_or_both_end_at_once_each_with_its_record(string? user, string? client, string? on, int ended)
    {
        await using var server = await StartAsync();
        await server.AuthorizeAsync(Alice, "A", "cli");
        await server.AuthorizeAsync(Alice, "A", "web");
        await server.AuthorizeAsync(Alice, "A", "web", "post");
        await server.AuthorizeAsync(Bob, "A", "web");
        var answer = await server.ChangeAsync("/api/v1/authorizations/end", new { user, client, server = on, reason = "They left." });
        Assert.Equal(ended, answer.GetProperty("ended").GetInt32());
        using var left = await server.SendAsync(HttpMethod.Get, "/api/v1/authorizations?state=live", server.AdminToken);
        Assert.Equal(4 - ended, (await left.Content.ReadFromJsonAsync<JsonElement[]>(TestContext.Current.CancellationToken))!.Length);
        using var records = await server.SendAsync(HttpMethod.Get, "/api/v1/audit?kind=revocation", server.AdminToken);
        var text = await records.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ended, text.Split("\"reason\":\"They left.\"").Length - 1);
        Assert.Equal(ended, text.Split("\"target\":\"Authorization/aut_").Length - 1);
        using var nobody = await server.SendAsync(HttpMethod.Post, "/api/v1/authorizations/end", server.AdminToken, request => request.Content = JsonContent.Create(new { server = "shop" }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nobody.StatusCode);
    }

    [Fact]
    [Trait("clause", "DESIGN.md §4 Command line")]
    public async Task The_pages_of_a_person_and_of_a_client_show_and_end_them()
    {
        await using var server = await StartAsync();
        await server.AddPersonAsync(Alice);
        using var made = await server.SendAsync(HttpMethod.Post, "/api/v1/clients", server.AdminToken, request => request.Content = JsonContent.Create(new { name = "web", owner = Bob, redirects = new[] { "https://web.example.com/cb" } }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var (first, second, bobs, other) = (await server.AuthorizeAsync(Alice, "<Web>", "web"), await server.AuthorizeAsync(Alice, "Web", "web"), await server.AuthorizeAsync(Bob, "Web", "web"), await server.AuthorizeAsync(Bob, "Cli", "cli"));
        using var browser = new Browser(server);
        await browser.SignInAsync();
        const string person = "/people/users/alice%40example.com";
        var page = await browser.PageAsync(person);
        Assert.Contains("&lt;Web&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain(bobs.Value, page, StringComparison.Ordinal);
        using (var foreign = await browser.PostAsync($"{person}/authorizations/{bobs}/end", page)) Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using (var done = await browser.PostAsync($"{person}/authorizations/{first}/end", page)) Assert.Equal((HttpStatusCode.SeeOther, person), (done.StatusCode, done.Headers.Location?.OriginalString));
        Assert.Equal([true, false, false, false], EndedOf());
        page = await browser.PageAsync("/clients/web");
        Assert.DoesNotContain(first.Value, page, StringComparison.Ordinal);
        Assert.Contains($"/clients/web/authorizations/{bobs}/end", page, StringComparison.Ordinal);
        using (var foreign = await browser.PostAsync($"/clients/web/authorizations/{other}/end", page)) Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using (var all = await browser.PostAsync("/clients/web/authorizations/end", page)) Assert.Equal(HttpStatusCode.SeeOther, all.StatusCode);
        Assert.Equal([true, true, true, false], EndedOf());
        Assert.Contains("2 authorizations ended", await browser.PageAsync("/clients/web"), StringComparison.Ordinal);

        bool[] EndedOf() => [.. new[] { first, second, bobs, other }.Select(id => server.Host.Services.GetRequiredService<EpochTable>().Find(OrganisationId.Default, RevocationLevel.Authorization, id.Value) is not null)];
    }

    private Task<RunningServer> StartAsync() => RunningServer.StartAsync(change: options => kind == StoreKind.Sqlite ? options : options with { Store = database.Options.Store });
}
