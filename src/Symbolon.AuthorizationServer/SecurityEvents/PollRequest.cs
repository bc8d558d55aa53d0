using Symbolon.Core.Outbound;
using Symbolon.Jose.Json;

namespace Symbolon.AuthorizationServer.SecurityEvents;

/// <summary>What an API says when it fetches events (RFC 8936 §2.2 to §2.4). Members that are not of the RFC are passed over.</summary>
internal sealed record PollRequest
{
    /// <summary>Bytes.</summary>
    public const int MostBytes = 64 * 1024;
    public const int MostEvents = 100;
    private const int MostAcknowledged = 1000;
    private const int MostId = 128;

    private static readonly JsonLimits Limits = new(depth: 6, members: 8 * MostAcknowledged);

    /// <summary>At most so many at once; 0 to acknowledge alone.</summary>
    public required int Most { get; init; }
    public required bool ReturnsImmediately { get; init; }
    public required IReadOnlyCollection<string> Taken { get; init; }

    /// <summary>Those that it cannot use, each with an <see cref="EventError"/>.</summary>
    public required IReadOnlyDictionary<string, string> Refused { get; init; }

    /// <returns>The request, or what is wrong with it.</returns>
    public static (PollRequest? Request, string? Fault) Read(ReadOnlySpan<byte> body)
    {
        if (body.Length > MostBytes) return (null, $"The body has more than {MostBytes} bytes.");
        if (!StrictJson.Scan(body, Limits).Accepted || JsonValue.Root(body) is not { Kind: JsonKind.Object } root) return (null, "The body is no JSON object, has a member twice, or is nested too deep.");
        var most = (long)MostEvents;
        if (root.TryGetMember("maxEvents"u8, out var count) && (!count.Value.TryGetInt64(out most) || most is < 0 or > MostEvents)) return (null, $"maxEvents must be a whole number from 0 to {MostEvents}.");
        var returnsImmediately = false;
        if (root.TryGetMember("returnImmediately"u8, out var flag) && !((returnsImmediately = flag.Value.Kind == JsonKind.True) || flag.Value.Kind == JsonKind.False)) return (null, "returnImmediately must be true or false.");
        var taken = new HashSet<string>(StringComparer.Ordinal);
        if (root.TryGetMember("ack"u8, out var acknowledged) && !TryReadIds(acknowledged.Value, taken)) return (null, $"ack must be a list of at most {MostAcknowledged} event ids.");
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.TryGetMember("setErrs"u8, out var errors) && !TryReadErrors(errors.Value, refused)) return (null, $"setErrs must be an object of at most {MostAcknowledged} event ids with an object each.");
        if (taken.Overlaps(refused.Keys)) return (null, "An event is in ack and in setErrs.");
        return (new PollRequest { Most = (int)most, ReturnsImmediately = returnsImmediately, Taken = taken, Refused = refused }, null);
    }

    private static bool TryReadIds(JsonValue value, HashSet<string> ids)
    {
        if (value.Kind != JsonKind.Array) return false;
        var count = 0;
        foreach (var item in value.Items)
        {
            if (++count > MostAcknowledged || !item.TryGetString(out var id) || !IsId(id)) return false;
            ids.Add(id);
        }
        return true;
    }

    private static bool TryReadErrors(JsonValue value, Dictionary<string, string> errors)
    {
        if (value.Kind != JsonKind.Object) return false;
        foreach (var member in value.Members)
        {
            if (errors.Count == MostAcknowledged || member.Value.Kind != JsonKind.Object || member.Name is not { } id || !IsId(id)) return false;
            errors[id] = "refused by the receiver: " + EventError.Of(member.Value.TryGetMember("err"u8, out var error) && error.Value.TryGetString(out var text) ? text : null);
        }
        return true;
    }

    private static bool IsId(string id) => id.Length is > 0 and <= MostId && !id.Contains('\0', StringComparison.Ordinal);
}
