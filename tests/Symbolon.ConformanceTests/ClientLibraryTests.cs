using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Symbolon.Client;
using Symbolon.Client.AspNetCore;
using Symbolon.Client.AspNetCore.Calls;
using Symbolon.Client.Calls;
using Symbolon.Client.Keys;
using Symbolon.Testing.OAuth;
using Symbolon.Testing.Processes;

namespace Symbolon.ConformanceTests;

/// <summary>The client library over real connections and on a real disk: a server that calls an API, both with nothing but the packages.</summary>
[Trait("area", "client")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ClientLibraryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_for_a_caller_arrives_with_the_whole_chain_and_the_log_names_it()
    {
        await using var stage = await ClientStage.StartAsync();
        using var credential = await stage.CredentialAsync();
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        using var client = stage.ClientOf(credential, () => new IncomingCall("a.call.token", $"00-{Trace}-b7ad6b7169203331-01"));

        Assert.Equal("alice@example.com through release-bot by releases: web", await client.GetStringAsync("/releases/web?x=1", Cancellation));
        Assert.Contains("Person=alice@example.com Agent=release-bot Server=releases Tool=mcp:releases:rollout_status", Assert.Single(stage.Scopes), StringComparison.Ordinal);
        Assert.EndsWith($"TraceId={Trace}", stage.Scopes.Single(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "RFC 6750 §3.1")]
    public async Task What_the_token_does_not_give_is_refused_with_what_it_would_need()
    {
        await using var stage = await ClientStage.StartAsync();
        using var credential = await stage.CredentialAsync();
        using var client = stage.ClientOf(credential, () => new IncomingCall("a.call.token"));
        using var refused = await client.DeleteAsync("/releases/web", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var challenge = Assert.Single(refused.Headers.WwwAuthenticate);
        Assert.Equal("DPoP", challenge.Scheme);
        Assert.Contains("error=\"insufficient_scope\"", challenge.Parameter, StringComparison.Ordinal);
        Assert.Contains("scope=\"delete:cluster:prod/namespace:checkout/web\"", challenge.Parameter, StringComparison.Ordinal);

        using var elsewhere = await client.GetAsync("/releases/..%2fother", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
    }

    [Fact]
    [Trait("clause", "RFC 9449 §7.1")]
    public async Task Nobody_gets_in_without_a_token_with_another_scheme_or_with_a_request_that_was_seen()
    {
        await using var stage = await ClientStage.StartAsync();
        using var credential = await stage.CredentialAsync();
        var seen = new List<(string Token, string Proof)>();
        using var client = new HttpClient(new SymbolonHandler(credential, () => new IncomingCall("a.call.token")) { InnerHandler = new Tap(seen) });
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(stage.Api, "/releases/web"), Cancellation)).StatusCode);

        using var thief = new HttpClient { BaseAddress = stage.Api };
        Assert.Equal("DPoP algs=\"ES256\"", (await thief.GetAsync("/releases/web", Cancellation)).Headers.WwwAuthenticate.Single().ToString());
        var (token, proof) = seen[^1];
        foreach (var (scheme, shown, path) in new[] { ("DPoP", proof, "/releases/web"), ("DPoP", proof, "/releases/worker"), ("Bearer", null, "/releases/web"), ("DPoP", null, "/releases/web") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
            if (shown is not null) request.Headers.TryAddWithoutValidation("DPoP", shown);
            using var answer = await thief.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.DoesNotContain(token, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_endpoint_of_which_nobody_said_who_may_call_it_is_for_nobody_without_a_token()
    {
        await using var stage = await ClientStage.StartAsync();
        var server = await stage.StartServerAsync(app =>
        {
            app.MapPost("/mcp", () => "ran");
            app.MapGet("/health", () => "well").AllowAnonymous();
        });
        using var gateway = new ProofKey();
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync(server, content: null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri(stage.Api, "/forgotten"), Cancellation)).StatusCode);
        Assert.Equal("well", await client.GetStringAsync(new Uri(server, "/health"), Cancellation));
        using var call = stage.CallOf(server, gateway, out _);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(call, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task What_a_call_has_begun_goes_on_for_its_caller_after_they_have_gone()
    {
        await using var stage = await ClientStage.StartAsync();
        using var credential = await stage.CredentialAsync();
        using var api = stage.ClientOf(credential, IncomingCalls.Find);
        var (begun, answer) = (new TaskCompletionSource(), new TaskCompletionSource<string>());
        var server = await stage.StartServerAsync(app => app.MapPost("/mcp", async (HttpContext http, IHttpContextAccessor accessor) =>
        {
            _ = AskLaterAsync(accessor);
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }));
        using var gateway = new ProofKey();
        using var client = new HttpClient();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var call = stage.CallOf(server, gateway, out var token);
        var calling = client.SendAsync(call, gone.Token);
        await begun.Task.WaitAsync(Cancellation);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);

        Assert.Equal("alice@example.com through release-bot by releases: web", await answer.Task.WaitAsync(Cancellation));
        Assert.Equal(token, Assert.Single(stage.Symbolon.Heard, heard => heard.Path == "/oauth/token").Form["subject_token"]);
        Assert.Null(IncomingCalls.Find());

        async Task AskLaterAsync(IHttpContextAccessor accessor)
        {
            try
            {
                await Deadline.ForAsync("the request to end", () => accessor.HttpContext is null);
                answer.SetResult(await api.GetStringAsync("/releases/web", Cancellation));
            }
            catch (Exception fault)
            {
                answer.SetException(fault);
            }
        }
    }

    [Fact]
    public async Task Who_is_revoked_is_refused_within_a_second_and_everybody_once_the_feed_is_silent_for_five()
    {
        await using var stage = await ClientStage.StartAsync();
        using var credential = await stage.CredentialAsync();
        using var client = stage.ClientOf(credential, () => new IncomingCall("a.call.token"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/releases/web", Cancellation)).StatusCode);
        Assert.True(stage.Feeds.TryPeek(out var feed));
        await feed.SendAsync("epoch", FeedConnection.EpochOf("user", "alice@example.com", (feed.Now / 1_000_000 + 3600) * 1_000_000));
        await Deadline.ForAsync("the revocation to be known", async () => (await client.GetAsync("/releases/web", Cancellation)).StatusCode == HttpStatusCode.Unauthorized ? "so" : null, TimeSpan.FromSeconds(1));

        stage.Beats = false;
        stage.Symbolon.OnFeed = _ => Task.CompletedTask;
        await Deadline.ForAsync("the silence to be noticed", async () => (await client.GetAsync("/releases/web", Cancellation)).StatusCode == HttpStatusCode.ServiceUnavailable ? "so" : null, TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task An_instance_enrols_once_and_starts_again_without_a_code()
    {
        await using var stage = await ClientStage.StartAsync();
        string thumbprint;
        using (var first = await stage.CredentialAsync())
        {
            thumbprint = first.KeyThumbprint;
            Assert.Equal(("server:releases", stage.Api), (first.ClientId, first.Audience));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(stage.KeyFile));
        }
        using (var second = await stage.CredentialAsync(code: null)) Assert.Equal(thumbprint, second.KeyThumbprint);
        using (var third = await stage.CredentialAsync(code: "used long ago")) Assert.Equal(thumbprint, third.KeyThumbprint);
        Assert.Equal(1, stage.Symbolon.CountOf("/oauth/enroll"));

        // Killed after the claim and before it was noted: the same code and the same key again.
        File.Delete(stage.KeyFile + ".enrolled");
        using (var again = await stage.CredentialAsync()) Assert.Equal(thumbprint, again.KeyThumbprint);
        // Another key for a code that is taken is somebody else.
        File.Delete(stage.KeyFile);
        Assert.Equal("invalid_grant", (await Assert.ThrowsAsync<SymbolonException>(() => stage.CredentialAsync())).Code);
        Assert.Equal("not_enrolled", (await Assert.ThrowsAsync<SymbolonException>(() => stage.CredentialAsync(code: null))).Code);
    }

    [Fact]
    public async Task A_key_that_others_can_read_or_that_is_none_is_not_used()
    {
        var folder = Directory.CreateTempSubdirectory("symbolon-key-").FullName;
        var path = Path.Combine(folder, "instance.key");
        // Several processes of one machine that start at once have one key.
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => InstanceKey.OpenOrCreate(path))));
        Assert.Single(made.Select(key => key.Thumbprint).Distinct());
        Assert.Single(Directory.GetFiles(folder));
        foreach (var key in made) key.Dispose();

        foreach (var mode in new[] { UnixFileMode.GroupRead, UnixFileMode.OtherRead, UnixFileMode.GroupWrite })
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
            Assert.Contains(path, Assert.Throws<InvalidOperationException>(() => InstanceKey.OpenOrCreate(path)).Message, StringComparison.Ordinal);
        }
        foreach (var text in new[] { "", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", new string('x', 5000) })
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await File.WriteAllTextAsync(path, text, Cancellation);
            Assert.Throws<InvalidOperationException>(() => InstanceKey.OpenOrCreate(path));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(null, "https://api.example", "release-api", "Issuer")]
    [InlineData("http://symbolon.example", "https://api.example", "release-api", "Symbolon")]
    [InlineData("https://symbolon.example", "http://api.example", "release-api", "Audience")]
    [InlineData("https://symbolon.example", null, "release-api", "Audience")]
    [InlineData("https://symbolon.example", "https://api.example", null, "ClientId")]
    public async Task Wrong_settings_stop_the_start_and_are_named(string? issuer, string? audience, string? client, string named)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAuthentication().AddSymbolonApi(options =>
        {
            options.Issuer = issuer is null ? null : new Uri(issuer);
            (options.Audience, options.ClientId, options.KeyFile) = (audience, client, Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString()));
        });
        await using var app = builder.Build();
        var stopped = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(Cancellation));
        Assert.Contains(named, stopped is OptionsValidationException invalid ? string.Join(' ', invalid.Failures) : stopped.Message, StringComparison.Ordinal);
    }

    /// <summary>Notes what goes by.</summary>
    private sealed class Tap(List<(string, string)> seen) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add((request.Headers.Authorization!.Parameter!, request.Headers.GetValues("DPoP").Single()));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
