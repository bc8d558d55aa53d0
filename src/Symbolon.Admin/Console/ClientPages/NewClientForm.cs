using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Symbolon.AuthorizationServer.Clients;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Console.ClientPages;

/// <summary>What the form for a new client holds.</summary>
public sealed record NewClientForm
{
    private const int MostKeyText = 64 * 1024;

    public string Name { get; init; } = "";
    public string Owner { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Workflow { get; init; } = "";

    /// <summary>The API that it is; empty for any other client.</summary>
    public string Audience { get; init; } = "";

    /// <summary>A public key as JWK, several in a list, or a whole key set.</summary>
    public string Keys { get; init; } = "";

    /// <summary>Where people may be sent back to, one address a line.</summary>
    public string Redirects { get; init; } = "";

    internal static NewClientForm Read(IFormCollection sent) => new()
    {
        Name = Text(sent, "name"), Owner = Text(sent, "owner"), Agent = Text(sent, "agent"), Workflow = Text(sent, "workflow"), Audience = Text(sent, "audience"), Keys = Text(sent, "keys"), Redirects = Text(sent, "redirects"),
    };

    /// <returns>The order, or what is wrong with the text of the keys.</returns>
    internal (NewClient? Order, FieldError? Fault) ToOrder()
    {
        try
        {
            return (new NewClient(Name, Owner, Null(Agent), Null(Workflow), [.. KeysOf(Keys)], LegacySecret: false, Reason: null, [.. Redirects.Split((char[])['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries)], Audience: Null(Audience)), null);
        }
        catch (JsonException)
        {
            return (null, new FieldError("keys", FieldErrorCode.BadValue, "This is no JSON. A public key is written as JWK (RFC 7517)."));
        }
    }

    /// <summary>As the page calls it: of several keys or lines, the number that people count by.</summary>
    internal static string InWords(FieldError fault) =>
        fault.Path.Split('[', ']') is [var field, var index, ..] && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? fault.Message.Replace(fault.Path, string.Create(CultureInfo.InvariantCulture, $"{(field == "keys" ? "Key" : "Line")} {at + 1}"), StringComparison.Ordinal)
            : fault.Message;

    private static IEnumerable<string> KeysOf(string text)
    {
        if (text.Length == 0) return [];
        if (text.Length > MostKeyText) throw new JsonException();
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("keys", out var set) && set.ValueKind == JsonValueKind.Array) root = set;
        return root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray().Select(key => key.GetRawText())] : [root.GetRawText()];
    }

    private static string Text(IFormCollection sent, string name) => sent[name].ToString().Trim();

    private static string? Null(string text) => text.Length == 0 ? null : text;
}
