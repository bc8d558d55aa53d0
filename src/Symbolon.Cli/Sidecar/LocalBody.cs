using System.Text;
using Symbolon.Client.Http;
using Symbolon.Jose.Json;

namespace Symbolon.Cli.Sidecar;

/// <summary>What was sent to a route of the sidecar: one small object of strict JSON with members that are known.</summary>
internal sealed class LocalBody
{
    public const int MostBytes = 64 * 1024;

    private readonly byte[] json;

    private LocalBody(byte[] json) => this.json = json;

    /// <param name="known">Other members are refused by name: one that is misspelt would be one that is left out.</param>
    /// <exception cref="LocalProblemException">It is something else; the problem names what.</exception>
    public static async Task<LocalBody> ReadAsync(HttpRequest request, params string[] known)
    {
        if (!IsJson(request.ContentType)) throw Wrong(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Send Content-Type: application/json.");
        var room = new byte[MostBytes + 1];
        var length = request.ContentLength > MostBytes ? room.Length : await request.Body.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        if (length > MostBytes) throw Wrong(StatusCodes.Status413PayloadTooLarge, "too_large", $"The body is larger than {MostBytes / 1024} KiB.");
        var body = room[..length];
        if (!JsonAnswer.TryRead(body, out var root)) throw Wrong(StatusCodes.Status400BadRequest, "malformed_request", "The body is no JSON object, names a member twice, or is deeper than 16.");
        foreach (var member in root.Members)
        {
            if (member.Value.Kind is not (JsonKind.String or JsonKind.Array)) throw new LocalProblemException(LocalProblem.BadRequest("Members are texts; authorization_details is an array."));
            if (!IsKnown(member, known)) throw new LocalProblemException(LocalProblem.BadRequest($"The body has a member that is not known here. Known: {string.Join(", ", known)}."));
        }
        return new LocalBody(body);
    }

    /// <exception cref="LocalProblemException">It is missing, empty, no text or too long.</exception>
    public string Required(string name, int most = 8 * 1024) => Optional(name, most) ?? throw new LocalProblemException(LocalProblem.BadRequest($"{name} is missing."));

    /// <inheritdoc cref="Required"/>
    public string? Optional(string name, int most = 8 * 1024)
    {
        if (!JsonValue.Root(json).TryGetMember(Encoding.UTF8.GetBytes(name), out var member)) return null;
        if (!member.Value.TryGetString(out var text) || text.Length == 0 || text.Length > most || text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new LocalProblemException(LocalProblem.BadRequest($"{name} must be a text of 1 to {most} visible ASCII characters."));
        return text;
    }

    /// <exception cref="LocalProblemException">It is no array.</exception>
    public string? OptionalArray(string name)
    {
        if (!JsonValue.Root(json).TryGetMember(Encoding.UTF8.GetBytes(name), out var member)) return null;
        return member.Value.Kind == JsonKind.Array ? Encoding.UTF8.GetString(member.Value.Raw) : throw new LocalProblemException(LocalProblem.BadRequest($"{name} must be an array."));
    }

    private static bool IsJson(string? type) =>
        System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out var parsed) && string.Equals(parsed.MediaType, "application/json", StringComparison.OrdinalIgnoreCase);

    private static bool IsKnown(JsonMember member, string[] known)
    {
        foreach (var name in known)
            if (member.NameEquals(Encoding.UTF8.GetBytes(name))) return true;
        return false;
    }

    private static LocalProblemException Wrong(int status, string code, string detail) => new(new LocalProblem(status, code, detail));
}
