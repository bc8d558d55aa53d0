using Symbolon.Client;
using Symbolon.Client.AspNetCore.Impersonation;
using Symbolon.Client.Callers;

namespace Symbolon.UnitTests.Client;

/// <summary>An API that believes headers gets those of the verified caller and no others.</summary>
[Trait("area", "client")]
public sealed class ImpersonationTests : IDisposable
{
    private readonly HeardHandler api = new();
    private SymbolonCaller? caller = new()
    {
        Subject = "alice@example.com", Person = "alice@example.com", Agent = "release-bot", Server = "releases", Tool = "mcp:releases:delete_release",
        Actors = ["server:releases", "agent:release-bot"], ClientId = "server:releases", Scopes = [], Details = [], TokenId = "tok_1",
    };

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task The_verified_chain_is_named_and_whatever_came_with_the_request_is_not()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://k8s.example/api");
        foreach (var (name, value) in new[] { ("Impersonate-User", "root"), ("impersonate-group", "system:masters"), ("IMPERSONATE-Extra-Scopes", "all"), ("Impersonate-Uid", "0") })
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        request.Content = new StringContent("{}");
        Assert.True(request.Content.Headers.TryAddWithoutValidation("impersonate-Group", "system:masters"));
        await SendAsync(request, new ImpersonationOptions { Groups = _ => ["sre", "dev"] });

        Assert.Equal(
            ["Impersonate-Extra-agent: release-bot", "Impersonate-Extra-server: releases", "Impersonate-Extra-tool: mcp:releases:delete_release", "Impersonate-Group: sre,dev", "Impersonate-User: alice@example.com"],
            api.Heard);
    }

    [Fact]
    public async Task Without_a_caller_or_a_person_no_request_is_made()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://k8s.example/api");
        caller = caller! with { Person = null };
        await Assert.ThrowsAsync<SymbolonException>(() => SendAsync(request, new ImpersonationOptions()));
        caller = null;
        await Assert.ThrowsAsync<SymbolonException>(() => SendAsync(request, new ImpersonationOptions()));
        Assert.Null(api.Heard);
    }

    [Theory]
    [InlineData("alice\r\nImpersonate-Group: system:masters")]
    [InlineData("alicé@example.com")]
    [InlineData("")]
    public async Task A_name_that_cannot_stand_in_a_header_is_not_sent(string user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://k8s.example/api");
        await Assert.ThrowsAsync<SymbolonException>(() => SendAsync(request, new ImpersonationOptions { User = _ => user }));
        Assert.Null(api.Heard);
    }

    private async Task SendAsync(HttpRequestMessage request, ImpersonationOptions options)
    {
        using var client = new HttpMessageInvoker(new ImpersonationHandler(() => caller, options) { InnerHandler = api }, disposeHandler: false);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private sealed class HeardHandler : HttpMessageHandler
    {
        public List<string>? Heard { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Heard = [.. request.Headers.Concat(request.Content?.Headers.Where(header => header.Key != "Content-Type") ?? []).Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal)];
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
