using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Admin.Api;
using Symbolon.Admin.Apply;
using Symbolon.Admin.Reviews;
using Symbolon.Admin.Tokens;
using Symbolon.Cli.Output;
using Symbolon.Cli.Registering;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Server.Outbound;

namespace Symbolon.Cli.Demo;

/// <summary>The life of one server: approved once, narrowed with nobody asked, widened only by a review, swapped behind our back, taken back, retired.</summary>
internal sealed class DemoReviews(DemoStage stage, Narrator narrator, HttpClient http, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A retired name is never given to another, so each show has its own.</summary>
    private readonly string name = $"meetings-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    private JsonNode file = null!;

    public async Task ShowAsync(CancellationToken cancellation)
    {
        var server = await stage.StartClockAsync(cancellation);
        await RegisterAsync(server.Url, cancellation);
        var caller = new GatewayCaller(http, stage.Gateway, await TokenAsync(cancellation));
        await ChangeAsync(caller, cancellation);
        var swapped = await stage.UpgradeAsync(server, cancellation);
        await SwapAsync(caller, cancellation);
        await RetireAsync(caller, cancellation);
        await stage.StopAsync(swapped);
    }

    private async Task RegisterAsync(Uri url, CancellationToken cancellation)
    {
        narrator.Title("Reviewers approve once what a server may do behind itself");
        var order = new RegistrationOrder { Name = new ServerName(name), Owner = "calendar@example.com", Upstream = new UpstreamAddress.Http { Url = url }, Reason = "demo" };
        file = JsonNode.Parse((await Registration.ReadAsync(order, OperatorHandler.Create, _ => null, cancellation)).Json.GetRawText())!;
        var applied = await ApplyAsync("calendar/*", cancellation);
        narrator.Check(JsonPath.Text(applied, "review") == $"{name}.1", $"the owner's file says what each tool needs; the union, read:calendar/*, is computed and waits in review {name}.1");
        await DecideAsync($"{name}.1", "approve", cancellation);
        narrator.Check(JsonPath.Text(await ServerAsync(cancellation), "state") == "active", $"approved: {name} is active, and read:calendar/* is its envelope");
    }

    private async Task<string> TokenAsync(CancellationToken cancellation) => JsonPath.Text(await stage.Admin.PostAsync("tokens", new IssueTokenRequest
    {
        User = "alice@example.com",
        Servers = [new ServerAccessRequest { Name = name, All = true }],
        Ttl = "1h",
        CreateGrant = new CreateGrantRequest { Name = name, MaxTtl = "8h" },
    }, cancellation), "token")!;

    private async Task ChangeAsync(GatewayCaller caller, CancellationToken cancellation)
    {
        narrator.Title("A change inside the envelope asks nobody, one outside waits");
        var narrowed = await ApplyAsync("calendar/rooms", cancellation);
        narrator.Check(JsonPath.Text(narrowed, "live") == "2" && JsonPath.Text(narrowed, "review") is null, "calendar/rooms is inside: live at once, no review", narrowed.GetRawText());
        var widened = await ApplyAsync("mail/**", cancellation);
        narrator.Check(JsonPath.Text(widened, "review") == $"{name}.2", $"mail/** is outside: it waits in review {name}.2", widened.GetRawText());
        narrator.Check((await caller.CallAsync(name, "now", [], cancellation)).Succeeded, "what was approved goes on meanwhile");
        await DecideAsync($"{name}.2", "reject", cancellation);
        narrator.Check(JsonPath.Text(await ServerAsync(cancellation), "pendingVersion") is null, "rejected: it never served");
    }

    private async Task SwapAsync(GatewayCaller caller, CancellationToken cancellation)
    {
        narrator.Title("Somebody swaps the description of a tool upstream");
        var (_, tools) = await caller.ListAsync(name, cancellation);
        narrator.Check(tools is ["days_until"], "the next list leaves it out", string.Join(", ", tools));
        var refused = await caller.CallAsync(name, "now", [], cancellation);
        narrator.Check(refused.Refusal == "tool_suspended", "now is refused (tool_suspended)", refused.ToString());
        narrator.Check((await caller.CallAsync(name, "days_until", new JsonObject { ["date"] = "2030-01-01" }, cancellation)).Succeeded, "days_until goes on");
        var review = await DriftReviewAsync(cancellation);
        var after = JsonPath.Text(review.GetProperty("tools")[0], "after.description") ?? "";
        narrator.Check(after.Contains("evil.example", StringComparison.Ordinal), $"review {JsonPath.Text(review, "name")} shows both definitions side by side", review.GetRawText());
        narrator.Say(after);
        await DecideAsync(JsonPath.Text(review, "name")!, "approve", cancellation);
        narrator.Check((await caller.CallAsync(name, "now", [], cancellation)).Succeeded, "approved, were it meant: the tool is back");
    }

    private async Task RetireAsync(GatewayCaller caller, CancellationToken cancellation)
    {
        narrator.Title("The server is retired");
        await stage.Admin.PostAsync($"servers/{name}/retire", new ReasonRequest { Reason = "end of the demo" }, cancellation);
        var gone = await caller.CallAsync(name, "now", [], cancellation);
        narrator.Check(gone.Status == HttpStatusCode.NotFound, "the next call is answered as if it had never been", gone.ToString());
        var history = await stage.Admin.GetAsync($"history/server/{name}", cancellation);
        narrator.Check(JsonPath.Text(history[history.GetArrayLength() - 1], "state") == "retired", $"its {history.GetArrayLength()} versions stay, each with who made it and who approved it");
        try
        {
            await ApplyAsync("calendar/*", cancellation);
            narrator.Check(holds: false, "its name is never used again");
        }
        catch (CommandException refused) when (refused.Code == "retired")
        {
            narrator.Check(holds: true, "its name is never used again");
        }
    }

    private async Task<JsonElement> ApplyAsync(string resource, CancellationToken cancellation)
    {
        foreach (var tool in file["spec"]!["tools"]!.AsArray())
        {
            tool!["effect"] = "read";
            tool["needs"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray("read"), ["resource"] = resource });
        }
        return (await stage.Admin.PostAsync("apply", new ApplyRequest { Documents = [JsonSerializer.SerializeToElement(file)], Reason = "demo" }, cancellation))[0].Clone();
    }

    private async Task DecideAsync(string review, string decision, CancellationToken cancellation)
    {
        var read = await stage.Admin.GetAsync($"reviews/{review}", cancellation);
        await stage.Admin.PostAsync($"reviews/{review}/{decision}", new DecideRequest { Revision = read.GetProperty("revision").GetInt64(), Reason = "demo" }, cancellation);
    }

    /// <summary>It is opened while the list is being answered, and has both eras of the protocol a moment later; nobody waits for that.</summary>
    private async Task<JsonElement> DriftReviewAsync(CancellationToken cancellation)
    {
        for (var began = clock.GetTimestamp(); clock.GetElapsedTime(began) < Patience; await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancellation))
        {
            if (JsonPath.Text(await ServerAsync(cancellation), "driftReview") is not { } name) continue;
            var review = await stage.Admin.GetAsync($"reviews/{name}", cancellation);
            if (JsonPath.Text(review.GetProperty("tools")[0], "fields") is { } fields && fields.Contains("legacy", StringComparison.Ordinal) && fields.Contains("modern", StringComparison.Ordinal)) return review;
        }
        throw new CommandException(ExitCode.Error, "demo_failed", "No review was opened for the swapped tool.");
    }

    private Task<JsonElement> ServerAsync(CancellationToken cancellation) => stage.Admin.GetAsync($"servers/{name}", cancellation);
}
