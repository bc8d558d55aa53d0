using System.Text.Json;
using Symbolon.Admin.Apply;
using Symbolon.Admin.Secrets;
using Symbolon.Cli.Api;
using Symbolon.Cli.Output;
using Symbolon.Cli.Upstreams;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Registering;

/// <summary>Registers a server: reads it from here, under the operator's rights, and uploads the draft. DESIGN.md section 4, Reviews.</summary>
internal static class Registration
{
    /// <summary>Connects to the server and drafts its document. Nothing is uploaded.</summary>
    public static async Task<ServerDraft> ReadAsync(RegistrationOrder order, Func<HttpMessageHandler> handler, CancellationToken cancellation)
    {
        using var http = new HttpClient(handler()) { Timeout = Timeout.InfiniteTimeSpan };
        var exchange = new McpExchange(http, order.Url, order.Header is { } header ? (header.Name, header.Value) : null);
        var eras = await UpstreamReader.ReadAsync(exchange, cancellation);
        var draft = ServerDraft.Of(order.Name, order.Owner, order.Url, CredentialOf(order), eras.OfType<EraListing.Listed>());
        // Told here, before a secret is uploaded for a document that nobody will accept.
        var errors = DocumentReader.Read(draft.Json).Errors;
        return errors.IsEmpty ? draft : throw new CommandException(ExitCode.Error, "invalid", "The server cannot be registered so.")
        {
            Details = [.. errors.Select(error => error.Message)],
        };
    }

    /// <summary>Uploads the secret, if there is one, and the draft.</summary>
    /// <returns>What became of the document.</returns>
    public static async Task<JsonElement> UploadAsync(RegistrationOrder order, ServerDraft draft, AdminClient client, CancellationToken cancellation)
    {
        if (order.Header is { } header)
            await client.PutAsync($"secrets/{SecretOf(order)}", new PutSecretRequest { Value = header.Value, Reason = order.Reason }, cancellation);
        var applied = await client.PostAsync("apply", new ApplyRequest { Documents = [draft.Json], Reason = order.Reason }, cancellation);
        return applied[0];
    }

    private static UpstreamCredential CredentialOf(RegistrationOrder order) => order.Header is { } header
        ? new UpstreamCredential.Static { Header = header.Name, Secret = SecretOf(order), Expires = header.Expires }
        : new UpstreamCredential.None();

    private static string SecretOf(RegistrationOrder order) => order.Name.Value;
}
