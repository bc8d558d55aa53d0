using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Symbolon.Core.Resources;
using Symbolon.Jose.Json;

namespace Symbolon.Core.OAuth;

/// <summary>
/// <c>authorization_details</c> (RFC 9396) of the one type that there is: <c>[{"type":"symbolon_resource","actions":["read"],"resource":"docs/*"}]</c>. The
/// same in requests, answers and tokens. DESIGN.md section 4, Scopes.
/// </summary>
public static class AuthorizationDetails
{
    public const string Type = "symbolon_resource";

    /// <summary>Details of one token.</summary>
    public const int Most = 16;

    /// <summary>Details of a token behind the gateway: all that a server's tools need is in it, as far as 8 KiB go.</summary>
    public const int MostDownstream = 256;

    private const int MostBytes = 16 * 1024;

    /// <param name="fault">What is wrong and where, to be written behind the name: <c>[1].actions[0] is ...</c>. Words of ours alone, in ASCII.</param>
    /// <param name="most">Details that there may be.</param>
    public static ResourceSet? Parse(ReadOnlySpan<byte> utf8, out string? fault, int most = Most)
    {
        fault = utf8.Length > MostBytes ? $" has more than {MostBytes} bytes" : !StrictJson.Scan(utf8).Accepted ? " is no JSON, or names a member twice" : null;
        return fault is null ? Read(JsonValue.Root(utf8), out fault, most) : null;
    }

    /// <inheritdoc cref="Parse"/>
    /// <param name="list">Of a text that the strict scan accepted.</param>
    public static ResourceSet? Read(JsonValue list, out string? fault, int most = Most)
    {
        fault = list.Kind == JsonKind.Array ? null : " must be a list";
        var details = new List<ResourceNeed>();
        foreach (var item in list.Items)
        {
            if (details.Count == most) fault = $" has more than {most} details";
            else if (ReadOne(item, out var wrong) is { } detail) details.Add(detail);
            else fault = $"[{details.Count}]{wrong}";
            if (fault is not null) return null;
        }
        if (fault is null && details.Count == 0) fault = " must have at least one detail; leave it out to be limited to no resources";
        if (fault is not null) return null;
        var set = ResourceSet.Of(details);
        if (most == Most && IsTooLarge(set)) fault = $" names more than {ResourceNeed.MostActions} actions for one resource, or has more than {MostBytes} bytes";
        return fault is null ? set : null;
    }

    /// <summary>Whether it is more than what <see cref="Parse"/> takes of what <see cref="Write"/> writes: what two patterns have in common can be longer than either.</summary>
    public static bool IsTooLarge(ResourceSet details) =>
        details.Needs.Length > Most || details.Needs.Any(need => need.Actions.Length > ResourceNeed.MostActions || need.Resource.Text.Length > ResourcePattern.MostLength)
        || BytesOf(details) > MostBytes;

    /// <summary>Writes the member, if there is anything to write.</summary>
    public static void WriteMember(Utf8JsonWriter json, ResourceSet? details)
    {
        if (details is null) return;
        json.WritePropertyName(OAuthParameter.AuthorizationDetails);
        Write(json, details);
    }

    public static void Write(Utf8JsonWriter json, ResourceSet details)
    {
        json.WriteStartArray();
        // One resource with more actions than a detail may have is several of them; what a client asked for never is.
        foreach (var (need, actions) in details.Needs.SelectMany(need => need.Actions.Chunk(ResourceNeed.MostActions).Select(actions => (need, actions))))
        {
            json.WriteStartObject();
            json.WriteString("type", Type);
            json.WriteStartArray("actions");
            foreach (var action in actions) json.WriteStringValue(action);
            json.WriteEndArray();
            json.WriteString("resource", need.Resource.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static int BytesOf(ResourceSet details)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        Write(json, details);
        json.Flush();
        return buffer.WrittenCount;
    }

    private static ResourceNeed? ReadOne(JsonValue item, out string? wrong)
    {
        if (item.Kind != JsonKind.Object)
        {
            wrong = " must be an object";
            return null;
        }
        wrong = null;
        var isOurs = false;
        ImmutableArray<string> actions = [];
        ResourcePattern? resource = null;
        foreach (var member in item.Members)
        {
            if (member.NameEquals("type"u8)) isOurs = member.Value.TextEquals("symbolon_resource"u8);
            else if (member.NameEquals("actions"u8)) actions = ReadActions(member.Value, ref wrong);
            else if (member.NameEquals("resource"u8)) resource = ReadResource(member.Value, ref wrong);
            else wrong ??= " has a member other than type, actions and resource";
        }
        if (!isOurs) wrong = $".type must be {Type}, the only type that is supported";
        else if (wrong is null && actions.IsEmpty) wrong = ".actions must name at least one action";
        else if (wrong is null && resource is null) wrong = ".resource is missing";
        return wrong is null ? new ResourceNeed(actions, resource!) : null;
    }

    private static ImmutableArray<string> ReadActions(JsonValue list, ref string? wrong)
    {
        var actions = ImmutableArray.CreateBuilder<string>();
        if (list.Kind != JsonKind.Array) wrong ??= ".actions must be a list";
        foreach (var item in list.Items)
        {
            if (actions.Count == ResourceNeed.MostActions) wrong ??= $".actions has more than {ResourceNeed.MostActions} items";
            else if (!item.TryGetString(out var text) || !ResourceAction.IsValid(text)) wrong ??= $".actions[{actions.Count}] must be {ResourceAction.Rule}";
            else actions.Add(text);
            if (wrong is not null) return [];
        }
        return actions.ToImmutable();
    }

    private static ResourcePattern? ReadResource(JsonValue value, ref string? wrong)
    {
        if (!value.TryGetString(out var text))
        {
            wrong ??= ".resource must be a text";
            return null;
        }
        var pattern = ResourcePattern.Parse(text, out var fault);
        if (fault is not null) wrong ??= $".resource {fault}";
        else if (pattern!.Arguments.Any()) wrong ??= ".resource has an argument in braces, which only what a tool needs can have";
        return pattern;
    }
}
