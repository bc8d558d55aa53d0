using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Admin.Apply;
using Symbolon.Admin.OAuthClients;
using Symbolon.Admin.Servers;
using Symbolon.Cli.Registering;
using Symbolon.Cli.Sidecar;
using Symbolon.Cli.Upstreams;
using Symbolon.Client.Credentials;
using Symbolon.Client.Keys;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Server.Outbound;

namespace Symbolon.Cli.Demo;

/// <summary>The sample server Releases in mode exchange, and the API behind it: two processes, that go with this.</summary>
internal sealed class DemoReleases(DemoStage stage, string name) : IAsyncDisposable
{
    private const string Owner = "platform@example.com";
    private readonly string folder = Path.Combine(stage.Folder, name);
    private readonly string audience = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
    private string address = "";
    private SampleProcess? server;
    private SampleProcess? api;

    public SampleProcess Api => api!;

    /// <summary>It is listed, its owner says what each tool needs, and that is approved.</summary>
    public async Task<JsonElement> RegisterAsync(TimeProvider clock, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        server = await stage.StartAsync("Releases", [], cancellation);
        address = server.Url.GetLeftPart(UriPartial.Authority);
        var order = new RegistrationOrder { Name = new ServerName(name), Owner = Owner, Upstream = new UpstreamAddress.Http { Url = server.Url }, Reason = "demo" };
        var draft = await Registration.ReadAsync(order, OperatorHandler.Create, _ => null, cancellation);
        await stage.Admin.PostAsync("apply", new ApplyRequest { Documents = [Reviewed(draft)], Reason = "demo" }, cancellation);
        return await ServerApproval.ApproveAsync(stage.Admin, name, (await ServerApproval.PendingAsync(stage.Admin, name, cancellation)).Version, inside: false, "demo", cancellation);
    }

    /// <summary>The API, as a client of Symbolon that hears what is revoked; and the server again, now with a code for its first start.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var (client, file) = ($"api-of-{name}", Path.Combine(folder, "api.key"));
        using (var key = InstanceKey.OpenOrCreate(file))
        {
            using var shown = JsonDocument.Parse(key.PublicJwk);
            await stage.Admin.PostAsync("clients", new CreateOAuthClientRequest { Name = client, Owner = Owner, Audience = audience, Keys = [shown.RootElement], Reason = "demo" }, cancellation);
        }
        api = await stage.StartAsync("ReleaseApi", ["--url", audience, "--symbolon", Origin, "--client", client, "--key", file], cancellation);
        await stage.StopAsync(server!);
        var code = Path.Combine(folder, "code");
        PrivateFile.Write(code, await CodeAsync("first", cancellation));
        server = await stage.StartAsync("Releases", ["--url", address, "--symbolon", Origin, "--key", Path.Combine(folder, "first.key"), "--enroll", code], cancellation);
    }

    /// <summary>Another instance, made of the library alone.</summary>
    public async Task<ServerCredential> EnrolSecondAsync(CancellationToken cancellation) => await ServerCredential.OpenAsync(new ServerCredentialOptions
    {
        Symbolon = new Uri(Origin), KeyFile = Path.Combine(folder, "second.key"), EnrolmentCode = await CodeAsync("second", cancellation),
    }, cancellation: cancellation);

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await stage.StopAsync(server);
        if (api is not null) await stage.StopAsync(api);
    }

    private string Origin => stage.Gateway.GetLeftPart(UriPartial.Authority);

    private async Task<string> CodeAsync(string instance, CancellationToken cancellation) =>
        (await stage.Admin.PostAsync<EnrolmentResponse>($"servers/{name}/enrolments", new EnrolmentRequest { Instance = instance, Reason = "demo" }, cancellation)).Code;

    private JsonElement Reviewed(ServerDraft draft)
    {
        var document = JsonNode.Parse(draft.Json.GetRawText())!;
        document["spec"]!["credential"] = new JsonObject { ["mode"] = "exchange", ["audience"] = audience, ["ttl"] = "1h", ["rotation"] = "30d" };
        foreach (var tool in document["spec"]!["tools"]!.AsArray())
        {
            var reads = (string?)tool!["name"] == "rollout_status";
            tool["effect"] = reads ? "read" : "irreversible";
            tool["needs"] = new JsonArray(new JsonObject
            {
                ["actions"] = reads ? new JsonArray("read") : new JsonArray("read", "delete"), ["resource"] = "cluster:prod/namespace:{namespace}/release/{name}",
            });
        }
        return JsonSerializer.SerializeToElement(document);
    }

    /// <summary>The API is told where it listens, since that is its name in tokens.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
