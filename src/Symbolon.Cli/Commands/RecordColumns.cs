using System.Globalization;
using System.Text.Json;
using Symbolon.Cli.Output;

namespace Symbolon.Cli.Commands;

/// <summary>A record of the audit as a row.</summary>
internal static class RecordColumns
{
    public static readonly IReadOnlyList<Column> All =
    [
        Column.At("SEQ", "seq"),
        new("TIME", TimeOf),
        Column.At("KIND", "event.kind"),
        new("WHO", record => JsonPath.Text(record, "event.by") ?? (HolderOf(record) is { Length: > 0 } holder ? holder : JsonPath.Text(record, "event.peer"))),
        new("WHAT", WhatOf),
        new("DECISION", record => JsonPath.Text(record, "event.allowed") switch { "yes" => "allowed", "no" => "refused", _ => null }),
        Column.At("CODE", "event.code"),
        Column.At("OUTCOME", "event.outcome"),
    ];

    /// <summary>Person, agent and workflow of a record.</summary>
    private static string HolderOf(JsonElement record) => JsonPath.Find(record, "event") is { } found ? AccessText.Holder(found) : "";

    private static string? TimeOf(JsonElement record) =>
        JsonPath.Find(record, "event.time") is { ValueKind: JsonValueKind.Number } time && time.TryGetInt64(out var microseconds)
            && microseconds is >= 0 and < 253_402_300_800_000_000
            ? DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : null;

    private static string WhatOf(JsonElement record)
    {
        var (server, tool) = (JsonPath.Text(record, "event.server"), JsonPath.Text(record, "event.tool"));
        var on = tool is null ? server : $"{server}:{tool}";
        var target = JsonPath.Text(record, "event.target");
        // What was changed stands first; the server that it is about would read as the one who did it.
        var parts = target is null
            ? new[] { JsonPath.Text(record, "event.method"), on, JsonPath.Text(record, "event.action") }
            : [JsonPath.Text(record, "event.action"), target, on is null || target.EndsWith('/' + on) ? null : $"on {on}"];
        var what = string.Join(' ', parts.OfType<string>());
        // Who changed something is not who it was done to.
        if (JsonPath.Text(record, "event.by") is not null && HolderOf(record) is { Length: > 0 } holder && !what.EndsWith('/' + holder)) what = $"{what} of {holder}";
        return JsonPath.Text(record, "event.count") is { } count ? $"{what} ×{count}" : what;
    }
}
