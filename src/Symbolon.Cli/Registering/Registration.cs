using System.Text.Json;
using Symbolon.Admin.Apply;
using Symbolon.Admin.Secrets;
using Symbolon.Cli.Api;
using Symbolon.Cli.Output;
using Symbolon.Cli.Processes;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Registering;

/// <summary>Registers a server: reads it from here, under the operator's rights, and uploads the draft. DESIGN.md section 4, Reviews.</summary>
internal static class Registration
{
    /// <summary>Connects to the server, or starts it, and drafts its document. Nothing is uploaded.</summary>
    /// <exception cref="CommandException">It cannot be read, or not be registered so.</exception>
    public static async Task<ServerDraft> ReadAsync(RegistrationOrder order, Func<HttpMessageHandler> handler, Func<string, string?> variable, CancellationToken cancellation)
    {
        // Told before anything is started, and again before a secret is uploaded for a document that nobody will accept.
        Require(ServerDraft.Empty(order.Name, order.ManifestAt(order.Upstream)));
        var secret = order.Secret is { } value ? (value.Name, value.Value) : ((string, string)?)null;
        var read = order.Upstream switch
        {
            UpstreamAddress.Stdio process => await ProcessReader.ReadAsync(process, order.ClientFeatures, secret, variable, order.StartTime, cancellation),
            var address => await ReadAsync((UpstreamAddress.Http)address, order.ClientFeatures, secret, handler, cancellation),
        };
        var draft = ServerDraft.Of(order.Name, order.ManifestAt(read.Address), read.Eras.OfType<EraListing.Listed>());
        Require(draft.Json);
        return draft;
    }

    /// <summary>Uploads the secret, if there is one, and the draft.</summary>
    /// <returns>What became of the document.</returns>
    public static async Task<JsonElement> UploadAsync(RegistrationOrder order, ServerDraft draft, AdminClient client, CancellationToken cancellation)
    {
        if (order is { Secret: { } secret, Credential: UpstreamCredential.Static { Secret: var name } })
            await client.PutAsync($"secrets/{name}", new PutSecretRequest { Value = secret.Value, Reason = order.Reason }, cancellation);
        var applied = await client.PostAsync("apply", new ApplyRequest { Documents = [draft.Json], Reason = order.Reason }, cancellation);
        return applied[0];
    }

    private static async Task<ReadUpstream> ReadAsync(UpstreamAddress.Http server, ClientFeatures features, (string Name, string Value)? secret, Func<HttpMessageHandler> handler, CancellationToken cancellation)
    {
        using var http = new HttpClient(handler()) { Timeout = Timeout.InfiniteTimeSpan };
        return await UpstreamReader.ReadAsync(http, server, features, secret, cancellation);
    }

    private static void Require(JsonElement document)
    {
        var errors = DocumentReader.Read(document).Errors;
        if (!errors.IsEmpty) throw new CommandException(ExitCode.Error, "invalid", "The server cannot be registered so.") { Details = [.. errors.Select(error => error.Message)] };
    }
}
