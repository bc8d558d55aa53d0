using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Symbolon.Core.Registry;

namespace Symbolon.Storage.Documents;

/// <summary>
/// A Streamable HTTP endpoint is stored as <c>{"url": …, "era": …}</c>, as it was before there was anything else, so that documents of
/// then are read and an older program reads those of now; each other kind stands under its own name.
/// </summary>
internal sealed class UpstreamConverter : JsonConverter<UpstreamAddress>
{
    public override UpstreamAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var stored = JsonSerializer.Deserialize(ref reader, Shape<StoredUpstream>(options));
        return stored switch
        {
            { Url: { } url, Stdio: null, Sse: null } => new UpstreamAddress.Http { Url = url, Era = stored.Era ?? UpstreamEra.Auto },
            { Url: null, Stdio: { } stdio, Sse: null } => stdio,
            { Url: null, Stdio: null, Sse: { } sse } => sse,
            _ => throw new JsonException("The store holds an upstream of no kind that this program knows."),
        };
    }

    public override void Write(Utf8JsonWriter writer, UpstreamAddress value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, StoredUpstream.Of(value), Shape<StoredUpstream>(options));

    private static JsonTypeInfo<T> Shape<T>(JsonSerializerOptions options) =>
        (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}

/// <summary>Exactly one of the three is there.</summary>
internal sealed record StoredUpstream
{
    public Uri? Url { get; init; }

    /// <summary>Of <see cref="Url"/>; the others say their own.</summary>
    public UpstreamEra? Era { get; init; }
    public UpstreamAddress.Stdio? Stdio { get; init; }
    public UpstreamAddress.Sse? Sse { get; init; }

    public static StoredUpstream Of(UpstreamAddress address) => address switch
    {
        UpstreamAddress.Http http => new StoredUpstream { Url = http.Url, Era = http.Era },
        UpstreamAddress.Sse sse => new StoredUpstream { Sse = sse },
        UpstreamAddress.Stdio stdio => new StoredUpstream { Stdio = stdio },
        _ => throw new ArgumentException($"Unknown upstream {address.GetType()}", nameof(address)),
    };
}
