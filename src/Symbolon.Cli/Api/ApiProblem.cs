using System.Net;
using System.Text.Json;
using Symbolon.Admin.Sources;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Api;

/// <summary>Errors of the admin API (RFC 9457) as they end a command.</summary>
internal static class ApiProblem
{
    private const int MostBytes = 1024 * 1024;

    public static async Task<CommandException> ReadAsync(HttpResponseMessage response, AdminAddress address, CancellationToken cancellation)
    {
        var problem = await BodyAsync(response, cancellation);
        if (JsonPath.Text(problem, "code") is not { } code) return Foreign(response.StatusCode, address);
        var message = JsonPath.Text(problem, "detail") ?? JsonPath.Text(problem, "title") ?? $"The server answered {(int)response.StatusCode}.";
        return new CommandException(ExitCodeOf(response.StatusCode), code, message)
        {
            Hint = response.StatusCode == HttpStatusCode.Unauthorized ? HintOf(address) : null,
            Details = DetailsOf(problem),
            Problem = problem,
        };
    }

    /// <summary>Not an error of this API: another program, or a proxy that cannot reach it.</summary>
    private static CommandException Foreign(HttpStatusCode status, AdminAddress address) =>
        new(status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout ? ExitCode.Unreachable : ExitCode.Error,
            "bad_answer", $"{address.Url} answered {(int)status}, and not as Symbolon's admin API does.")
        {
            Hint = "Is SYMBOLON_URL right, and is a proxy in between?",
        };

    private static string HintOf(AdminAddress address) => address.Token is null
        ? "Sign in with symbolon login, or set SYMBOLON_TOKEN_FILE to the server's DIR/admin-token (its data folder)."
        : "The token is not, or no longer, valid: a sign-in by symbolon login lasts eight hours, and DIR/admin-token is replaced at every start of the server.";

    private static ExitCode ExitCodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ExitCode.SignInNeeded,
        HttpStatusCode.Forbidden => ExitCode.Findings,
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => ExitCode.Conflict,
        HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => ExitCode.Unreachable,
        _ => ExitCode.Error,
    };

    private static IReadOnlyList<string> DetailsOf(JsonElement problem) =>
        JsonPath.Find(problem, "errors") is { ValueKind: JsonValueKind.Array } errors
            ? [.. errors.EnumerateArray().Select(error => FieldText.Of(JsonPath.Text(error, "path"), JsonPath.Text(error, "message")))]
            : [];

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MostBytes, cancellation);
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
            return document.RootElement.Clone();
        }
        catch (Exception fault) when (fault is JsonException or HttpRequestException)
        {
            return JsonSerializer.SerializeToElement(new { });
        }
    }
}
