using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Admin.Apply;
using Symbolon.Cli.Output;
using Symbolon.Cli.Registering;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Server.Outbound;

namespace Symbolon.Cli.Demo;

/// <summary>Registers, assesses and approves the samples, by the code of <c>server register</c>, <c>apply</c> and <c>server approve</c>.</summary>
internal sealed class DemoServers(DemoStage stage, Narrator narrator, TimeProvider clock)
{
    private const string Owner = "shop@example.com";

    /// <summary>What the owner knows of the tools. All others stay <c>write</c>.</summary>
    private static readonly Dictionary<string, string> Effects = new(StringComparer.Ordinal)
    {
        ["now"] = "read",
        ["days_until"] = "read",
        ["list_orders"] = "read",
        ["get_order"] = "read",
        ["find_customer"] = "read",
        ["delete_customer"] = "irreversible",
    };

    public async Task RegisterAsync(CancellationToken cancellation)
    {
        narrator.Title("Two MCP servers are registered: what they list is read, pinned, assessed and approved");
        await RegisterAsync("clock", stage.Clock, null, 2, cancellation);
        await RegisterAsync("orders", stage.Orders, $"X-Api-Key=@{stage.OrdersKeyFile}", 6, cancellation);
    }

    private async Task RegisterAsync(string name, Uri url, string? header, int tools, CancellationToken cancellation)
    {
        var order = new RegistrationOrder
        {
            Name = new ServerName(name),
            Owner = Owner,
            Upstream = new UpstreamAddress.Http { Url = url },
            Secret = header is null ? null : await SecretFile.ReadAsync("--header", header, isVariable: false, null, () => Stream.Null, clock, cancellation),
            Reason = "demo",
        };
        var draft = await Registration.ReadAsync(order, OperatorHandler.Create, _ => null, cancellation);
        narrator.Check(draft.Tools.Length == tools && draft.Tools.All(tool => tool.Digests is { Legacy: not null, Modern: not null }),
            $"{name} lists {draft.Tools.Length} tools, in both eras of the protocol");
        await Registration.UploadAsync(order, draft, stage.Admin, cancellation);
        await stage.Admin.PostAsync("apply", new ApplyRequest { Documents = [Assess(draft)], Reason = "assessed by the owner" }, cancellation);

        var server = await stage.Admin.GetAsync($"servers/{name}", cancellation);
        // A folder that was used before may know exactly this version already.
        if (JsonPath.Find(server, "pendingVersion") is not null)
            server = await ServerApproval.ApproveAsync(stage.Admin, name, (await ServerApproval.PendingAsync(stage.Admin, name, cancellation)).Version, inside: false, "demo", cancellation);
        narrator.Check(JsonPath.Text(server, "state") == "active", $"{name} is approved and active{(header is null ? "" : "; its key is sealed, and callers never see it")}");
    }

    private static JsonElement Assess(ServerDraft draft)
    {
        var document = JsonNode.Parse(draft.Json.GetRawText())!;
        foreach (var tool in document["spec"]!["tools"]!.AsArray())
            if (Effects.TryGetValue((string)tool!["name"]!, out var effect)) tool["effect"] = effect;
        return JsonSerializer.SerializeToElement(document);
    }
}
