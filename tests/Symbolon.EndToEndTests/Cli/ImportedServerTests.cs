using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Symbolon.Core.Resources;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Cli;

/// <summary>kubernetes-mcp-server as npm has it: what it says of its RBAC is what the server here is reviewed for. It starts with a cluster that nobody can reach.</summary>
[Trait("area", "imports")]
[UnsupportedOSPlatform("windows")]
public sealed class ImportedServerTests(CommandJourney journey) : IClassFixture<CommandJourney>
{
    private static readonly string Program = NodeProgram.File("node_modules", "kubernetes-mcp-server-linux-amd64", "bin", "kubernetes-mcp-server-linux-amd64");

    [Fact]
    public async Task From_a_list_to_a_file_that_lints_and_applies_and_a_union_that_is_what_the_RBAC_metadata_says()
    {
        var (list, file) = (Path.Combine(journey.Folder, "list.json"), Path.Combine(journey.Folder, "k8s.yaml"));
        var listed = await ListAsync();
        await File.WriteAllTextAsync(list, listed.ToJsonString(), TestContext.Current.CancellationToken);

        var draft = await CommandJourney.RunAsync(new Dictionary<string, string?>(), "manifest", "init", "--from", list, "--name", "k8s", "--owner", "owner@example.com", "--", Program, "--kubeconfig", Kubeconfig());
        await File.WriteAllTextAsync(file, draft.Expect().Output, TestContext.Current.CancellationToken);
        (await CommandJourney.RunAsync(new Dictionary<string, string?>(), "lint", "-f", file)).Expect();
        (await journey.Symbolon.RunAsync("apply", "-f", file)).Expect();

        var server = (await journey.Symbolon.RunAsync("server", "show", "k8s", "-o", "json")).Expect().Json;
        var union = server["pending"]!["needs"]!.AsArray().SelectMany(need => need!["actions"]!.AsArray().Select(action => $"{action}:{need["resource"]}")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Said(listed), union);
        Assert.Contains("create:k8s/**", union);

        // Registered from the running program, its tools need the same.
        var registered = (await journey.Symbolon.RunAsync("server", "register", "k8s-live", "--owner", "owner@example.com", "--dry-run", "-o", "json", "--", Program, "--kubeconfig", Kubeconfig())).Expect();
        Assert.Equal(Needs((await journey.Symbolon.RunAsync("export", "-o", "json")).Expect().Json.AsArray().Single(document => (string?)document!["metadata"]!["name"] == "k8s")!), Needs(registered.Json));
        Assert.Contains("tools say themselves what they need", registered.Errors, StringComparison.Ordinal);
    }

    /// <summary>The metadata read once more, by other code, and as a set.</summary>
    private static List<string> Said(JsonNode listed)
    {
        var needs = new List<ResourceNeed>();
        foreach (var tool in listed["result"]!["tools"]!.AsArray())
            foreach (var requirement in tool!["_meta"]!["io.kubernetes-mcp-server/rbac"]!["bounded"]?["requirements"]?.AsArray() ?? [])
            {
                var target = requirement!["target"]!;
                var resource = target["resource"];
                // Every argument of these tools may be any text, or be left out.
                string Place(string member) => (string?)requirement[member]?["name"] ?? "*";
                var path = target["manifest"] is not null ? "k8s/**"
                    : $"k8s/{(resource is null ? "*" : (string?)resource["apiGroup"] ?? "core")}/{Place("namespace")}/{(string?)resource?["resource"] ?? "*"}/{Place("resourceName")}"
                        + ((string?)(resource ?? target["gvk"])!["subresource"] is { } under ? "/" + under : "");
                needs.Add(new ResourceNeed([.. requirement["verbs"]!.AsArray().Select(verb => (string)verb!)], ResourcePattern.Parse(path, out _)!));
            }
        Assert.InRange(needs.Count, 20, 200);
        return [.. ResourceSet.Of(needs).Needs.SelectMany(need => need.ToScopes()).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Needs(JsonNode document) =>
        document["spec"]!["tools"]!.AsArray().Select(tool => $"{tool!["name"]} {tool["needs"]?.ToJsonString()} {tool["digests"]!["legacy"]}").Order(StringComparer.Ordinal);

    private string Kubeconfig()
    {
        var file = Path.Combine(journey.Folder, "kubeconfig");
        if (!File.Exists(file)) File.WriteAllText(file, """
            apiVersion: v1
            kind: Config
            clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}]
            contexts: [{name: none, context: {cluster: none, user: none}}]
            users: [{name: none, user: {token: none}}]
            current-context: none
            """);
        return file;
    }

    private async Task<JsonNode> ListAsync()
    {
        await using var server = ChildProcess.Start(Program, ["--kubeconfig", Kubeconfig()]);
        await server.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""");
        await server.LineAsync(line => line.Contains("\"id\":1", StringComparison.Ordinal));
        await server.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await server.WriteLineAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}""");
        return JsonNode.Parse(await server.LineAsync(line => line.Contains("\"id\":2", StringComparison.Ordinal)))!;
    }
}
