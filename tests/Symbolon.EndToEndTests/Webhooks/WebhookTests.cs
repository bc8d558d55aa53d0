using System.Text.Json.Nodes;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Symbolon.Testing.Webhooks;
using Xunit;

namespace Symbolon.EndToEndTests.Webhooks;

[Trait("area", "webhook")]
public sealed class WebhookTests
{
    [Fact]
    public async Task An_event_that_was_committed_before_kill_9_is_told_after_the_restart()
    {
        // The first attempt never ends: the program is killed within it.
        await using var listener = new HookListener(HookListener.Silence);
        await using var symbolon = await StartAsync(listener);
        using var api = new AdminApi(symbolon);
        var id = (string?)(await api.PostAsync("/webhook/test", new JsonObject()))["id"];
        await ToldAsync(listener, 1);
        await symbolon.KillAsync();
        await symbolon.RestartAsync();

        var told = await ToldAsync(listener, 2);
        Assert.All(told, request => Assert.True(listener.IsGenuine(request)));
        Assert.Equal([id, id], told.Select(request => request.Values("webhook-id").Single()));
        Assert.Equal(told[0].Text, told[1].Text);
        await Deadline.ForAsync("the delivery to be noted", async () => (string?)(await api.GetAsync("/webhook"))["lastSuccess"]?["id"] == id ? id : null);
        Assert.DoesNotContain(listener.Secret[6..], Said(symbolon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_tries_it_and_says_what_came_of_it()
    {
        await using var listener = new HookListener("401 Unauthorized");
        await using var symbolon = await StartAsync(listener);
        var refused = (await symbolon.RunAsync("webhook", "test")).Expect(1);
        Assert.Contains($"{listener.Url}: answered 401.", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("took the ping msg_", (await symbolon.RunAsync("webhook", "test", "--reason", "once more")).Expect().Errors, StringComparison.Ordinal);

        var shown = (await symbolon.RunAsync("webhook", "show", "-o", "json")).Expect().Json;
        Assert.Equal(("on", 0, "answered 401"), ((string?)shown["state"], (int)shown["waiting"]!, (string?)shown["lastFailure"]!["why"]));
        Assert.DoesNotContain(listener.Secret[6..], Said(symbolon) + shown.ToJsonString() + refused.Errors, StringComparison.Ordinal);
        Assert.Contains("answered 401", Said(symbolon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_others_may_read_stops_the_start_without_being_said()
    {
        await using var listener = new HookListener();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(listener.SecretFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => SymbolonProcess.StartAsync(null, ("SYMBOLON_WEBHOOK_URL", listener.Url.AbsoluteUri), ("SYMBOLON_WEBHOOK_SECRET_FILE", listener.SecretFile)));
        Assert.Contains("webhook.secretFile: the file is open to others than its owner", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(listener.Secret[6..], thrown.Message, StringComparison.Ordinal);
    }

    private static async Task<SymbolonProcess> StartAsync(HookListener listener) =>
        await SymbolonProcess.StartAsync(null, ("SYMBOLON_WEBHOOK_URL", listener.Url.AbsoluteUri), ("SYMBOLON_WEBHOOK_SECRET_FILE", listener.SecretFile));

    /// <summary>All that it wrote, to either output.</summary>
    private static string Said(SymbolonProcess symbolon) => string.Join('\n', symbolon.Process.Output.Concat(symbolon.Process.Errors));

    private static Task<IReadOnlyList<RawRequest>> ToldAsync(HookListener listener, int count) => Deadline.ForAsync(
        $"{count} requests at the webhook", () => Task.FromResult(listener.Requests is { } told && told.Count >= count ? told : null), TimeSpan.FromSeconds(60));
}
