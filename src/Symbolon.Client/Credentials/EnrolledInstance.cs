using System.Text.Json;
using Symbolon.Client.Http;

namespace Symbolon.Client.Credentials;

/// <summary>What Symbolon answered to an enrolment; no part of it is secret. Kept beside the key.</summary>
internal sealed record EnrolledInstance
{
    private const int MostBytes = 16 * 1024;
    public const string ServerPrefix = "server:";

    public required string Client { get; init; }

    public required string Issuer { get; init; }

    public required string Key { get; init; }

    public required Uri Audience { get; init; }

    public string? Instance { get; init; }

    /// <summary>When the key was taken, by Symbolon's clock; null where an older answer does not say.</summary>
    public DateTimeOffset? EnrolledAt { get; init; }

    /// <summary>Until then the key counts, unless the platform says again that its holder is there; null for one that came with a code. By Symbolon's clock, and kept nowhere.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <returns>Null for what is no answer to an enrolment.</returns>
    public static EnrolledInstance? Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > MostBytes || !JsonAnswer.TryRead(json, out var root)) return null;
        if (JsonAnswer.Text(root, "client_id"u8) is not { } client || !client.StartsWith(ServerPrefix, StringComparison.Ordinal)) return null;
        if (JsonAnswer.Text(root, "issuer"u8) is not { } issuer || JsonAnswer.Text(root, "key"u8) is not { } key) return null;
        if (JsonAnswer.Text(root, "audience"u8) is not { } audience || !Uri.TryCreate(audience, UriKind.Absolute, out var api)) return null;
        return new EnrolledInstance
        {
            Client = client, Issuer = issuer, Key = key, Audience = api, Instance = JsonAnswer.Text(root, "instance"u8),
            EnrolledAt = TimeOf(JsonAnswer.Number(root, "enrolled_at"u8)), Until = TimeOf(JsonAnswer.Number(root, "until"u8)),
        };
    }

    private static DateTimeOffset? TimeOf(long? seconds) => seconds is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;

    /// <summary>Whole or not at all: a start that is killed here claims the same code with the same key again, and gets the same answer.</summary>
    public void Save(string path)
    {
        var unfinished = path + ".unfinished";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("client_id", Client);
            json.WriteString("issuer", Issuer);
            json.WriteString("key", Key);
            json.WriteString("audience", Audience.OriginalString);
            if (Instance is not null) json.WriteString("instance", Instance);
            if (EnrolledAt is { } at) json.WriteNumber("enrolled_at", at.ToUnixTimeSeconds());
            json.WriteEndObject();
            json.Flush();
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }
}
